import type { ByteRange } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import type { ByteWindow } from '../byte-window.ts';
import { PickleError } from './pickle-error.ts';

/** A line of an opcode of protocol 0, without its newline. */
export interface Line extends ByteRange {
  /** Absent beyond {@link limits.pickleConstantBytes}. */
  readonly bytes?: Uint8Array;
  /** At most the first 64 bytes. */
  readonly head: Uint8Array;
}

/**
 * The text of a short line that lies in the window, one character for each byte, read over; undefined where it does
 * not, and where it is not ASCII.
 */
export function shortLine(window: ByteWindow): string | undefined {
  const { position } = window;
  let text = '';
  for (let at = 0; at < shortest && window.has(1); at++) {
    const byte = window.u8();
    if (byte === newline) return text;
    if (byte >= 0x80) break;
    text += String.fromCharCode(byte);
  }
  window.seek(position);
  return undefined;
}

/**
 * Reads to the next newline and over it.
 * @throws PickleError where none follows
 */
export async function readLine(window: ByteWindow): Promise<Line> {
  const offset = window.position;
  let head: Uint8Array | undefined;
  let step = 256;
  for (;;) {
    const from = window.position;
    const chunk = await window.take(Math.min(step, window.remaining));
    if (chunk.length === 0) throw new PickleError('it ends in a line');
    head ??= chunk.slice(0, headLength);
    const at = chunk.indexOf(newline);
    if (at === -1) {
      step = Math.min(4 * step, longestStep);
      continue;
    }
    const length = from - offset + at;
    window.seek(offset + length + 1);
    const start = { offset, length, head: head.subarray(0, length) };
    if (from === offset) return { ...start, bytes: chunk.subarray(0, at) };
    if (length > limits.pickleConstantBytes) return start;
    window.seek(offset);
    const bytes = await window.take(length);
    window.skip(1);
    return { ...start, bytes };
  }
}

/** Two's complement, little-endian, of at most {@link limits.pickleIntegerDigits} digits; undefined beyond. */
export async function readLong(window: ByteWindow, length: number): Promise<number | bigint | undefined> {
  // A byte is less than three digits.
  if (3 * length > limits.pickleIntegerDigits) {
    window.skip(length);
    return undefined;
  }
  if (length === 0) return 0;
  const bytes = Uint8Array.from(await window.take(length)).reverse();
  return narrow(BigInt.asIntN(8 * length, BigInt(`0x${Buffer.from(bytes).toString('hex')}`)));
}

/**
 * The integer of a line as CPython reads it: decimal or with a prefix, underscores between digits, up to a NUL;
 * undefined for anything else.
 */
export function parseInteger({ bytes }: Line): number | bigint | undefined {
  const line = bytes && latin1(bytes);
  const text = line?.split('\0', 1)[0]?.trim().replace(/L$/, '');
  if (text === undefined || text.length > limits.pickleIntegerDigits) return undefined;
  const [, sign, digits = ''] =
    /^([-+]?)(\d+|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.exec(withoutUnderscores(text)) ?? [];
  if (digits === '') return undefined;
  const value = BigInt(digits);
  return narrow(sign === '-' ? -value : value);
}

/** The number that a memo opcode of protocol 0 has; undefined where it is none. */
export function parseIndex(line: Line): number | undefined {
  const index = parseInteger(line);
  return typeof index === 'number' && index >= 0 ? index : undefined;
}

/** Bytes as text, one character for each: Python's latin-1. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** UTF-8; bytes that are none become U+FFFD. */
export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

const newline = 0x0a;
const headLength = 64;
const shortest = 80;
const longestStep = 1024 * 1024;

/** One between two digits, or after a prefix. */
function withoutUnderscores(text: string): string {
  return text.replace(/(?<=\w)_(?=[\da-fA-F])/g, '');
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
