import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { decodeUtf8 } from '../core/json.ts';
import { isCount } from '../core/json-access.ts';
import { limits } from '../core/limits.ts';
import { ByteWindow } from './byte-window.ts';
import { elementCount } from './element-count.ts';
import { parsePythonLiteral, type PythonLiteral } from './npy-literal.ts';
import { numpyType, type NumpyType } from './npy-type.ts';

/** What precedes the elements of a NumPy array in a file. */
export interface NpyHeader {
  /** `1.0`, `2.0` or `3.0`. */
  readonly version: string;
  readonly dtype: NumpyType;
  readonly shape: readonly number[];
  /** Column-major. */
  readonly fortranOrder: boolean;
  /** Where the elements begin; for an array of objects, a pickle of them. */
  readonly dataOffset: number;
  /** Bytes of all elements; absent for objects, whose pickle has any length. */
  readonly dataBytes?: number;
}

/** NumPy refuses a header with any other. */
const headerKeys = new Set(['descr', 'fortran_order', 'shape']);
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** True for the first bytes of an .npy file. */
export function isNpy(head: Uint8Array): boolean {
  return magic.every((byte, index) => head[index] === byte);
}

/**
 * Reads the header of an .npy file (numpy/lib/format.py, versions 1.0 to 3.0): a Python literal, which is parsed by
 * rules of its own and never evaluated.
 * @throws MlbomError `E_MALFORMED`, also where the elements end behind the end of the file; `E_LIMIT`;
 * `E_UNSUPPORTED` for other versions
 */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const { window, version, length } = await openNpy(source);
  if (length > limits.npyHeaderBytes) throw error('E_LIMIT', 'header-size', `a header of ${length} bytes`);
  const bytes = await window.take(length);
  const header = headerOf(
    parsePythonLiteral(version === '3.0' ? decodeUtf8(bytes, 'npy') : Buffer.from(bytes).toString('latin1')),
  );
  const dataOffset = window.position;
  const dataBytes = bytesOf(header);
  if (dataBytes !== undefined && dataBytes > source.size - dataOffset) {
    throw error(
      'E_MALFORMED',
      'truncated',
      `its elements take ${dataBytes} bytes, and ${source.size - dataOffset} follow`,
    );
  }
  return {
    version,
    ...header,
    dataOffset,
    ...(dataBytes === undefined ? {} : { dataBytes }),
  };
}

/**
 * Where the elements begin, whatever the header says: a header that is refused here may be taken by NumPy.
 * @throws MlbomError `E_MALFORMED`; `E_UNSUPPORTED` for other versions
 */
export async function npyDataOffset(source: ByteSource): Promise<number> {
  const { window, length } = await openNpy(source);
  return window.position + length;
}

/** The window stands at the header, whose `length` bytes are in the file. */
async function openNpy(source: ByteSource): Promise<{ window: ByteWindow; version: string; length: number }> {
  const window = new ByteWindow(source, { format: 'npy' });
  await window.fill(8);
  if (!isNpy(await window.take(magic.length)))
    throw error('E_MALFORMED', 'magic', 'it does not begin with \\x93NUMPY');
  const [major, minor] = [window.u8(), window.u8()];
  if (major < 1 || major > 3 || minor !== 0)
    throw error('E_UNSUPPORTED', 'version', `version ${major}.${minor}`);
  await window.fill(major === 1 ? 2 : 4);
  const length = major === 1 ? window.u16() : window.u32();
  window.check(length);
  return { window, version: `${major}.${minor}`, length };
}

type Described = Pick<NpyHeader, 'dtype' | 'shape' | 'fortranOrder'>;

function headerOf(literal: PythonLiteral): Described {
  if (literal.kind !== 'dict') throw error('E_MALFORMED', 'header', 'the header is not a dict');
  const members = new Map<string, PythonLiteral>();
  for (const [key, value] of literal.entries) {
    // An unknown one may be a known one with escapes that are not read here.
    if (key.kind !== 'text' || !headerKeys.has(key.value) || members.has(key.value))
      throw error('E_MALFORMED', 'header', 'a key of the header');
    members.set(key.value, value);
  }
  const order = members.get('fortran_order');
  const descr = members.get('descr');
  if (order?.kind !== 'bool') throw error('E_MALFORMED', 'header', 'fortran_order is missing');
  if (descr === undefined) throw error('E_MALFORMED', 'header', 'descr is missing');
  return { dtype: numpyType(descr), shape: shapeOf(members.get('shape')), fortranOrder: order.value };
}

function shapeOf(literal: PythonLiteral | undefined): number[] {
  if (literal?.kind !== 'tuple') throw error('E_MALFORMED', 'shape', 'the shape is not a tuple');
  if (literal.items.length > limits.tensorDimensions) {
    throw error('E_LIMIT', 'dimensions', `${literal.items.length} dimensions`);
  }
  return literal.items.map((item) => {
    if (item.kind === 'int' && isCount(item.value)) return item.value;
    throw error('E_MALFORMED', 'shape', 'a dimension is no count');
  });
}

function bytesOf({ dtype, shape }: Described): number | undefined {
  const elements = elementCount(shape);
  if (elements === undefined) throw error('E_MALFORMED', 'shape', 'it is larger than any file');
  if (dtype.hasObjects || dtype.bytes === undefined) return undefined;
  const bytes = elements * dtype.bytes;
  if (!Number.isSafeInteger(bytes)) throw error('E_MALFORMED', 'shape', 'it is larger than any file');
  return bytes;
}

function error(code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED', rule: string, message: string): MlbomError {
  return new MlbomError(code, `npy: ${message}`, { rule: `npy-${rule}` });
}
