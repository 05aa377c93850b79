import { isMlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { constantOpcodes } from './constant-opcodes.ts';
import { containerOpcodes } from './container-opcodes.ts';
import { FrameGuard } from './frames.ts';
import { PickleMachine } from './machine.ts';
import { nameOpcodes } from './name-opcodes.ts';
import { PickleError, PickleLimit } from './pickle-error.ts';
import type { PickleStream } from './pickle.ts';
import { newScan, note, type PickleFile, type PickleScan } from './scan.ts';
import { oddity, type Opcode, type StreamState } from './stream-state.ts';
import type { PickleValue } from './value.ts';

/** One stream: its result where it came to STOP. */
export interface StreamRead {
  readonly stream: PickleStream;
  readonly value?: PickleValue;
  readonly scan: PickleScan;
  /** Where the error is that ended it. */
  readonly error?: number;
}

/**
 * Interprets the opcodes from `start` to STOP or to the first error.
 * @throws MlbomError `E_UNREADABLE` when the bytes cannot be had
 */
export async function readStream(
  file: PickleFile,
  start: number,
  scan: PickleScan = newScan(),
): Promise<StreamRead> {
  const state: StreamState = {
    file,
    scan,
    start,
    machine: new PickleMachine(file.budget),
    frames: new FrameGuard(file.source.size),
    readInner: async (offset) => (await readStream({ ...file, joblib: false }, offset, scan)).stream.whole,
    offset: start,
    protocol: 0,
    written: [undefined, undefined],
  };
  file.window.seek(start);
  try {
    const value = await run(state);
    return { stream: streamOf(state, true), value, scan };
  } catch (error) {
    tell(state, error);
    return { stream: streamOf(state, false), scan, error: state.offset };
  }
}

/** The longest opcode with an argument of a fixed size, and a byte. */
const fixedLength = 10;
const stop = 0x2e;

const opcodes: readonly (Opcode | undefined)[] = Array.from(
  { length: 256 },
  (_, byte) => constantOpcodes[byte] ?? containerOpcodes[byte] ?? nameOpcodes[byte],
);

async function run(state: StreamState): Promise<PickleValue> {
  const { file, machine, frames } = state;
  const { window, budget } = file;
  let expands = false;
  for (;;) {
    state.offset = window.position;
    if (!window.has(fixedLength)) await window.fill(Math.min(fixedLength, Math.max(window.remaining, 1)));
    if (budget.opcodes-- <= 0) throw new PickleLimit(`more than ${limits.pickleOpcodes} opcodes`);
    const byte = window.u8();
    if (byte === stop) break;
    const opcode = opcodes[byte];
    if (!opcode) throw new PickleError(`0x${byte.toString(16).padStart(2, '0')} is no opcode`);
    // Most opcodes are done at once: a promise for each would take longer than all of them.
    const more = opcode(state);
    if (more) await more;
    const wrong = frames.check(state.offset, window.position);
    if (wrong !== undefined) oddity(state, 'frame', wrong);
    if (!expands && machine.heaviest > limits.pickleExpansion) {
      expands = true;
      oddity(state, 'expansion', 'containers of the same containers: more than 2^40 when written out');
    }
  }
  const wrong = frames.stop(window.position);
  if (wrong !== undefined) oddity(state, 'frame', wrong);
  return machine.pop();
}

function tell({ scan, offset }: StreamState, error: unknown): void {
  if (error instanceof PickleLimit) {
    scan.exhausted = true;
    note(scan, 'limit', offset, `${error.message} than are followed`);
  } else if (error instanceof PickleError) note(scan, 'broken', offset, error.message);
  else if (isMlbomError(error) && error.rule === 'pickle-truncated')
    note(scan, 'broken', offset, 'it ends before its STOP');
  else throw error;
}

function streamOf({ start, protocol, file }: StreamState, whole: boolean): PickleStream {
  return { offset: start, end: file.window.position, protocol, whole };
}
