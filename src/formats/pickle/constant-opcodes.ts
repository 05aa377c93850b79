import { latin1, parseInteger, readLine, readLong, utf8, type Line } from './arguments.ts';
import { unescapeString, unescapeUnicode } from './escapes.ts';
import { constants } from './machine.ts';
import { PickleError } from './pickle-error.ts';
import {
  argument,
  lineText,
  mayKeep,
  now,
  offer,
  pushText,
  shortConstant,
  takeConstant,
  type Opcodes,
  type StreamState,
} from './stream-state.ts';
import type { PickleValue } from './value.ts';

/** Opcodes that push a number, a text or bytes. */
export const constantOpcodes: Opcodes = {
  // NONE, NEWTRUE, NEWFALSE
  0x4e: now(({ machine }) => {
    machine.push(constants.none);
  }),
  0x88: now(({ machine }) => {
    machine.push(constants.true);
  }),
  0x89: now(({ machine }) => {
    machine.push(constants.false);
  }),
  // BININT1, BININT2, BININT, BINFLOAT
  0x4b: now((state) => {
    state.machine.push({ kind: 'int', value: argument(state, 1).u8() });
  }),
  0x4d: now((state) => {
    state.machine.push({ kind: 'int', value: argument(state, 2).u16() });
  }),
  0x4a: now((state) => {
    state.machine.push({ kind: 'int', value: argument(state, 4).i32() });
  }),
  0x47: now((state) => {
    state.machine.push({ kind: 'float', value: bigEndianFloat(state) });
  }),
  // INT, LONG, FLOAT
  0x49: (state) => line(state, (it) => booleans.get(lineText(it)) ?? integer(parseInteger(it))),
  0x4c: (state) => line(state, (it) => integer(parseInteger(it))),
  0x46: (state) => line(state, floatOf),
  // LONG1, LONG4
  0x8a: (state) => long(state, argument(state, 1).u8()),
  0x8b: (state) => long(state, argument(state, 4).i32()),
  // STRING, UNICODE
  0x53: (state) => textLine(state, 'string'),
  0x56: (state) => textLine(state, 'unicode'),
  // SHORT_BINSTRING, BINSTRING, SHORT_BINUNICODE, BINUNICODE, BINUNICODE8
  0x55: (state) => text(state, argument(state, 1).u8(), latin1),
  0x54: (state) => text(state, argument(state, 4).i32(), latin1),
  0x8c: (state) => text(state, argument(state, 1).u8(), utf8),
  0x58: (state) => text(state, argument(state, 4).u32(), utf8),
  0x8d: (state) => text(state, argument(state, 8).length64(), utf8),
  // SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8
  0x43: (state) => bytes(state, argument(state, 1).u8()),
  0x42: (state) => bytes(state, argument(state, 4).u32()),
  0x8e: (state) => bytes(state, argument(state, 8).length64()),
  0x96: (state) => bytes(state, argument(state, 8).length64()),
  // NEXT_BUFFER, READONLY_BUFFER
  0x97: now(({ machine }) => {
    machine.push(constants.unknown);
  }),
  0x98: now(({ machine }) => {
    machine.top();
  }),
};

const booleans: ReadonlyMap<string, PickleValue> = new Map<string, PickleValue>([
  ['00', constants.false],
  ['01', constants.true],
]);

function integer(value: number | bigint | undefined): PickleValue {
  return value === undefined ? constants.unknown : { kind: 'int', value };
}

function floatOf(it: Line): PickleValue {
  const value = Number(lineText(it) || 'none');
  return Number.isNaN(value) ? constants.unknown : { kind: 'float', value };
}

/** The only number that is big-endian. */
function bigEndianFloat(state: StreamState): number {
  const window = argument(state, 8);
  window.littleEndian = false;
  const value = window.f64();
  window.littleEndian = true;
  return value;
}

async function line({ file, machine }: StreamState, valueOf: (line: Line) => PickleValue): Promise<void> {
  machine.push(valueOf(await readLine(file.window)));
}

async function long({ file, machine }: StreamState, length: number): Promise<void> {
  if (length < 0) throw new PickleError('a length is negative');
  machine.push(integer(await readLong(file.window, length)));
}

async function textLine(state: StreamState, escapes: 'string' | 'unicode'): Promise<void> {
  const { file, scan } = state;
  const { offset, length, head, bytes: written } = await readLine(file.window);
  offer(file, scan, head, { kind: 'text', offset, length, escapes });
  const decode = escapes === 'string' ? unescapeString : unescapeUnicode;
  pushText(state, written && mayKeep(file, length) ? decode(latin1(written)) : { offset, length });
}

function text(
  state: StreamState,
  length: number,
  decode: (bytes: Uint8Array) => string,
): Promise<void> | undefined {
  const short = length < 0 ? undefined : shortConstant(state, 'text', length);
  if (!short) return longText(state, length, decode);
  pushText(state, decode(short));
  return undefined;
}

async function longText(
  state: StreamState,
  length: number,
  decode: (bytes: Uint8Array) => string,
): Promise<void> {
  const { offset, bytes: kept } = await takeConstant(state, 'text', length);
  pushText(state, kept ? decode(kept) : { offset, length });
}

async function bytes(state: StreamState, length: number): Promise<void> {
  const { offset, bytes: kept } = await takeConstant(state, 'bytes', length);
  // A copy, so that the window of which it is a part can go.
  state.machine.push({ kind: 'bytes', offset, length, ...(kept ? { value: kept.slice() } : {}) });
}
