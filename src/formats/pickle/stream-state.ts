import type { ByteRange } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { latin1 } from './arguments.ts';
import type { FrameGuard } from './frames.ts';
import type { PickleMachine } from './machine.ts';
import { PickleError, PickleLimit } from './pickle-error.ts';
import type { PickleAnomalyKind, PickleConstant, PickleGlobal, PickleUseOpcode } from './pickle.ts';
import { note, type PickleFile, type PickleScan } from './scan.ts';
import type { PickleText, PickleValue } from './value.ts';

/** What the opcodes of one stream act upon. */
export interface StreamState {
  readonly file: PickleFile;
  readonly scan: PickleScan;
  readonly machine: PickleMachine;
  readonly frames: FrameGuard;
  /** Reads a plain pickle at an offset as part of this one; false where it is broken. */
  readonly readInner: (offset: number) => Promise<boolean>;
  /** Where the stream begins. */
  readonly start: number;
  /** Where the opcode that is being read begins. */
  offset: number;
  protocol: number;
  /** The two texts that a constant pushed last. */
  written: readonly [PickleText | undefined, PickleText | undefined];
}

/** An opcode after its first byte. One whose argument may have any length gives a promise. */
export type Opcode = (state: StreamState) => Promise<void> | undefined;
export type Opcodes = Readonly<Record<number, Opcode>>;

/** An opcode that is done at once. */
export function now(run: (state: StreamState) => void): Opcode {
  return (state) => {
    run(state);
    return undefined;
  };
}

/** The window, with as many bytes in it: ten are, before each opcode, unless the file ends. */
export function argument({ file: { window } }: StreamState, length: number): PickleFile['window'] {
  if (!window.has(length)) window.check(length);
  return window;
}

/** Notes an oddity of the opcode that is being read. */
export function oddity({ scan, offset }: StreamState, kind: PickleAnomalyKind, message: string): void {
  note(scan, kind, offset, message);
}

/** The topmost values, in the order in which they were pushed. @throws PickleError */
export function popped({ machine }: StreamState, count: number): PickleValue[] {
  const values: PickleValue[] = [];
  for (let at = 0; at < count; at++) values.push(machine.pop());
  return values.reverse();
}

/** Imports a name. @throws PickleLimit */
export function importName(
  state: StreamState,
  found: Pick<PickleGlobal, 'module' | 'name' | 'opcode' | 'names'>,
): PickleValue {
  const { scan, offset, file } = state;
  const value = scan.globals.add({ ...found, offset, length: file.window.position - offset });
  if (value === undefined) throw new PickleLimit(`more than ${limits.pickleGlobals} names`);
  return value;
}

/** Notes what is done with a value. */
export function use(
  state: StreamState,
  opcode: PickleUseOpcode,
  callee: PickleValue,
  args: PickleValue,
): void {
  const used = { opcode, offset: state.offset, callee, args };
  state.file.watch?.(used);
  if (!state.scan.globals.use(used)) oddity(state, 'limit', 'more calls of computed things than are listed');
}

/** Calls a value and pushes what it gives. @throws PickleError */
export function call(
  state: StreamState,
  opcode: PickleUseOpcode,
  callee: PickleValue | undefined,
  args: PickleValue | undefined,
): void {
  if (callee === undefined || args === undefined) throw new PickleError('the stack has too few values');
  use(state, opcode, callee, args);
  state.machine.push({ kind: 'call', callee, args });
}

/**
 * A short constant, where it lies in the window already: nearly all of them do, and a promise for each would take
 * most of the time. Undefined for all others. The bytes are good until the next call.
 */
export function shortConstant(
  { file, scan }: StreamState,
  kind: PickleConstant['kind'],
  length: number,
): Uint8Array | undefined {
  const { window } = file;
  if (length > shortest || !window.has(length) || !mayKeep(file, length)) return undefined;
  const offset = window.position;
  const bytes = scratch.subarray(0, length);
  for (let at = 0; at < length; at++) bytes[at] = window.u8();
  offer(file, scan, bytes, { kind, offset, length });
  return bytes;
}

/** A constant of this length that comes next: its bytes where they are kept, its place in any case. */
export async function takeConstant(
  { file, scan }: StreamState,
  kind: PickleConstant['kind'],
  length: number,
): Promise<{ readonly offset: number; readonly bytes?: Uint8Array }> {
  const { window, keeps } = file;
  if (length < 0) throw new PickleError('a length is negative');
  const offset = window.position;
  window.check(length);
  if (mayKeep(file, length)) {
    const bytes = await window.take(length);
    offer(file, scan, bytes.subarray(0, headLength), { kind, offset, length });
    return { offset, bytes };
  }
  if (keeps) offer(file, scan, await window.take(Math.min(headLength, length)), { kind, offset, length });
  window.seek(offset + length);
  return { offset };
}

/** Takes a constant of this length from what may still be kept; false where it is too long. */
export function mayKeep({ budget }: PickleFile, length: number): boolean {
  if (length > limits.pickleConstantBytes || length > budget.text) return false;
  budget.text -= length;
  return true;
}

/** Keeps the place of a constant that somebody wants to look into. */
export function offer(file: PickleFile, scan: PickleScan, head: Uint8Array, found: PickleConstant): void {
  if (!file.keeps?.(head, found.length)) return;
  if (scan.constants.length < limits.pickleListed) scan.constants.push(found);
  else note(scan, 'limit', found.offset, 'more constants that may hold something than are looked into');
}

/** Pushes a text, kept or not. */
export function pushText(state: StreamState, text: string | ByteRange): void {
  const value: PickleText =
    typeof text === 'string' ? { kind: 'text', value: text } : { kind: 'text', value: '', unkept: text };
  state.written = [state.written[1], value];
  state.machine.push(value);
}

/** A line's text, one character for each byte; empty where it is too long. */
export function lineText({ bytes }: { readonly bytes?: Uint8Array }): string {
  return bytes ? latin1(bytes) : '';
}

const headLength = 64;
const shortest = 64;
/** Filled and read again before the next constant. */
const scratch = new Uint8Array(shortest);
