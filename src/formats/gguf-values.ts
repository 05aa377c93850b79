import { decodeUtf8 } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import type { ByteWindow } from './byte-window.ts';
import { ggufError } from './gguf-error.ts';
import { narrowInteger } from './narrow-integer.ts';

/** 64-bit integers are numbers where a number holds them exactly. */
export type GgufScalar = number | bigint | boolean | string;

export type GgufScalarType =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'float32'
  | 'bool'
  | 'string'
  | 'uint64'
  | 'int64'
  | 'float64';

export interface GgufArray {
  readonly arrayOf: GgufScalarType;
  readonly length: number;
  /** Absent for a large array, and for one of strings that are not UTF-8: pieces of a vocabulary may be any bytes. */
  readonly values?: readonly GgufScalar[];
}

export type GgufValue = GgufScalar | GgufArray;

interface FixedType {
  readonly name: GgufScalarType;
  readonly bytes: number;
  readonly read: (window: ByteWindow) => GgufScalar;
}

const stringType = 8;
const arrayType = 9;

/** `gguf_metadata_value_type` of docs/gguf.md, without strings and arrays. */
const fixedTypes: ReadonlyMap<number, FixedType> = new Map<number, FixedType>([
  [0, { name: 'uint8', bytes: 1, read: (window) => window.u8() }],
  [1, { name: 'int8', bytes: 1, read: (window) => window.i8() }],
  [2, { name: 'uint16', bytes: 2, read: (window) => window.u16() }],
  [3, { name: 'int16', bytes: 2, read: (window) => window.i16() }],
  [4, { name: 'uint32', bytes: 4, read: (window) => window.u32() }],
  [5, { name: 'int32', bytes: 4, read: (window) => window.i32() }],
  [6, { name: 'float32', bytes: 4, read: (window) => window.f32() }],
  [7, { name: 'bool', bytes: 1, read: readBool }],
  [10, { name: 'uint64', bytes: 8, read: (window) => narrowInteger(window.u64()) }],
  [11, { name: 'int64', bytes: 8, read: (window) => narrowInteger(window.i64()) }],
  [12, { name: 'float64', bytes: 8, read: (window) => window.f64() }],
]);

/**
 * Holds what a header announces against the file.
 * @throws MlbomError `gguf-overflow` for more bytes than any file has: such a number is not written by accident;
 * otherwise as `ByteWindow.check`
 */
export function checkRoom(window: ByteWindow, bytes: number): void {
  if (bytes > limits.fileBytes)
    throw ggufError('E_MALFORMED', 'overflow', 'it announces more than any file holds', window.position - 8);
  window.check(bytes);
}

/** The value that follows, of the type with this number. */
export async function readGgufValue(window: ByteWindow, type: number): Promise<GgufValue> {
  if (type === stringType) return readGgufString(window, limits.ggufStringBytes);
  if (type === arrayType) return readArray(window);
  const fixed = fixedTypes.get(type);
  if (fixed === undefined)
    throw ggufError('E_MALFORMED', 'value-type', `no value type ${type}`, window.position);
  if (!window.has(fixed.bytes)) await window.fill(fixed.bytes);
  return fixed.read(window);
}

/** A string: its length in 64 bits, then UTF-8 without a terminator. */
export async function readGgufString(window: ByteWindow, limit: number): Promise<string> {
  const length = await readStringLength(window);
  if (length > limit) throw ggufError('E_LIMIT', 'string', `a string of ${length} bytes`, window.position);
  return decodeUtf8(await window.take(length), 'gguf');
}

async function readStringLength(window: ByteWindow): Promise<number> {
  if (!window.has(8)) await window.fill(8);
  const length = window.length64();
  checkRoom(window, length);
  return length;
}

async function readArray(window: ByteWindow): Promise<GgufArray> {
  if (!window.has(12)) await window.fill(12);
  const type = window.u32();
  const length = window.length64();
  if (type === stringType) return readStrings(window, length);
  if (type === arrayType) {
    throw ggufError(
      'E_UNSUPPORTED',
      'nested-array',
      'an array of arrays; ggml reads none either',
      window.position,
    );
  }
  const element = fixedTypes.get(type);
  if (element === undefined)
    throw ggufError('E_MALFORMED', 'value-type', `no value type ${type}`, window.position);
  return readFixed(window, element, length);
}

async function readFixed(window: ByteWindow, element: FixedType, length: number): Promise<GgufArray> {
  const bytes = length * element.bytes;
  checkRoom(window, bytes);
  const array = { arrayOf: element.name, length };
  if (length > limits.ggufArrayValues) {
    window.skip(bytes);
    return array;
  }
  if (!window.has(bytes)) await window.fill(bytes);
  return { ...array, values: Array.from({ length }, () => element.read(window)) };
}

async function readStrings(window: ByteWindow, length: number): Promise<GgufArray> {
  checkRoom(window, 8 * length);
  const start = window.position;
  const array: GgufArray = { arrayOf: 'string', length };
  await skipStrings(window, length);
  const end = window.position;
  if (length > limits.ggufArrayValues || end - start > limits.ggufArrayBytes) return array;

  window.seek(start);
  const values = await readTexts(window, length);
  window.seek(end);
  return values === undefined ? array : { ...array, values };
}

async function skipStrings(window: ByteWindow, length: number): Promise<void> {
  for (let i = 0; i < length; i++) {
    if (!window.has(8)) await window.fill(8);
    window.skip(window.length64());
  }
}

/** `undefined` when one of them is not UTF-8. */
async function readTexts(window: ByteWindow, length: number): Promise<string[] | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const texts: string[] = [];
  for (let i = 0; i < length; i++) {
    const bytes = await window.take(await readStringLength(window));
    try {
      texts.push(decoder.decode(bytes));
    } catch {
      return undefined;
    }
  }
  return texts;
}

/** Other bytes than 0 and 1 are invalid by docs/gguf.md. */
function readBool(window: ByteWindow): boolean {
  const value = window.u8();
  if (value > 1) throw ggufError('E_MALFORMED', 'bool', `a truth value of ${value}`, window.position - 1);
  return value === 1;
}
