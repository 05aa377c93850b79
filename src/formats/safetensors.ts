import type { ByteSource } from '../core/entry.ts';
import { isMlbomError, MlbomError } from '../core/errors.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { decodeUtf8, isObject, parseJsonObject } from '../core/json.ts';
import { isCount } from '../core/json-access.ts';
import { limits } from '../core/limits.ts';
import type { TensorRecord } from '../core/manifest.ts';
import { ByteWindow } from './byte-window.ts';
import { elementCount } from './element-count.ts';

export interface SafetensorsHeader {
  /** Length of the JSON header, without the eight bytes that announce it. */
  readonly headerBytes: number;
  /** Where the tensor data begins in the file. */
  readonly dataOffset: number;
  /** `__metadata__`; a Map, because its keys are anybody's. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Sorted by offset; shapes are row-major. */
  readonly tensors: readonly TensorRecord[];
}

const metadataKey = '__metadata__';

/** Bits of one element: `Dtype::bitsize` of the Rust loader. */
const bitsOf: ReadonlyMap<string, number> = new Map([
  ['F4', 4],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ['BOOL', 8],
  ['U8', 8],
  ['I8', 8],
  ['F8_E5M2', 8],
  ['F8_E4M3', 8],
  ['F8_E8M0', 8],
  ['F8_E4M3FNUZ', 8],
  ['F8_E5M2FNUZ', 8],
  ['I16', 16],
  ['U16', 16],
  ['F16', 16],
  ['BF16', 16],
  ['I32', 32],
  ['U32', 32],
  ['F32', 32],
  ['C64', 64],
  ['F64', 64],
  ['I64', 64],
  ['U64', 64],
]);

/**
 * Reads the header of a safetensors file and holds it to every rule of the official loader
 * (`SafeTensors::read_metadata` and `Metadata::validate` in safetensors/src/tensor.rs):
 * tensors lie one after the other from the first byte of data to the last byte of the file.
 * Stricter in two points of the format's description: the header begins with `{`, and no name appears twice.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, or `E_UNSUPPORTED` for an unknown dtype; the rule says which
 */
export async function readSafetensors(source: ByteSource): Promise<SafetensorsHeader> {
  const header = await readHeader(source);
  const names = Object.keys(header.json).filter((name) => name !== metadataKey);
  if (names.length > limits.tensorsPerFile) {
    throw error('E_LIMIT', 'tensors', `${names.length} tensors; ${limits.tensorsPerFile} are read`);
  }
  const dataOffset = 8 + header.length;
  const tensors = names.map((name) => readTensor(name, header.json[name] ?? null, dataOffset));
  tensors.sort((a, b) => a.offset - b.offset || a.length - b.length);
  checkCoverage(tensors, dataOffset, source.size);
  return {
    headerBytes: header.length,
    dataOffset,
    metadata: readMetadata(header.json[metadataKey]),
    tensors,
  };
}

async function readHeader(source: ByteSource): Promise<{ json: JsonObject; length: number }> {
  const window = new ByteWindow(source, { format: 'safetensors' });
  await window.fill(8);
  const length = window.length64();
  if (length > window.remaining) {
    throw error('E_MALFORMED', 'header-end', 'the header would end behind the end of the file', {
      offset: 0,
    });
  }
  if (length > limits.safetensorsHeaderBytes) {
    throw error('E_LIMIT', 'header-size', `a header of ${length} bytes; loaders stop at 100,000,000`, {
      offset: 0,
    });
  }
  const bytes = await window.take(length);
  if (bytes[0] !== 0x7b) throw error('E_MALFORMED', 'header-start', 'the header does not begin with {');
  return { json: parseHeader(bytes), length };
}

/** The parser counts UTF-16 units from the start of the header; what is wrong is told by its place in the file. */
function parseHeader(bytes: Uint8Array): JsonObject {
  const text = decodeUtf8(bytes, 'safetensors header');
  try {
    return parseJsonObject(text, { subject: 'safetensors header' });
  } catch (cause) {
    if (!isMlbomError(cause) || cause.offset === undefined) throw cause;
    const { code, message, rule = 'json' } = cause;
    const offset = 8 + Buffer.byteLength(text.slice(0, cause.offset));
    throw new MlbomError(code, message, { rule, offset, cause });
  }
}

function readMetadata(value: JsonValue | undefined): Map<string, string> {
  const metadata = new Map<string, string>();
  // The loader's field is an `Option`: `null` stands for absent.
  if (value === undefined || value === null) return metadata;
  if (!isObject(value)) throw error('E_MALFORMED', 'metadata', '__metadata__ is not an object');
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string')
      throw error('E_MALFORMED', 'metadata', 'a value in __metadata__ is not a string', { tensor: key });
    metadata.set(key, text);
  }
  return metadata;
}

function readTensor(name: string, value: JsonValue, dataOffset: number): TensorRecord {
  if (!isObject(value)) throw error('E_MALFORMED', 'tensor', 'the entry is not an object', { tensor: name });
  const { dtype, shape, data_offsets: range } = value;
  if (typeof dtype !== 'string')
    throw error('E_MALFORMED', 'tensor', 'the dtype is missing', { tensor: name });
  const bits = bitsOf.get(dtype);
  if (bits === undefined)
    throw error('E_UNSUPPORTED', 'dtype', `unknown dtype ${dtype.slice(0, 40)}`, { tensor: name });
  if (!areCounts(shape))
    throw error('E_MALFORMED', 'shape', 'the shape is not a list of counts', { tensor: name });
  if (shape.length > limits.tensorDimensions)
    throw error('E_LIMIT', 'dimensions', `${shape.length} dimensions`, { tensor: name });
  if (!areCounts(range) || range.length !== 2) {
    throw error('E_MALFORMED', 'offsets', 'data_offsets are not two counts', { tensor: name });
  }
  const [begin = 0, end = 0] = range;
  if (end < begin) throw error('E_MALFORMED', 'offsets', 'it ends before it begins', { tensor: name });
  if (end - begin !== byteLength(name, shape, bits)) {
    throw error('E_MALFORMED', 'length', `${end - begin} bytes do not hold its shape and dtype`, {
      tensor: name,
      ...(Number.isSafeInteger(dataOffset + begin) ? { offset: dataOffset + begin } : {}),
    });
  }
  return { name, dtype, shape, offset: dataOffset + begin, length: end - begin };
}

function byteLength(name: string, shape: readonly number[], bits: number): number {
  const elements = elementCount(shape);
  if (elements === undefined || !Number.isSafeInteger(elements * bits)) {
    throw error('E_MALFORMED', 'overflow', 'the shape is larger than any file', { tensor: name });
  }
  if ((elements * bits) % 8 !== 0)
    throw error('E_MALFORMED', 'bits', 'its elements do not fill whole bytes', { tensor: name });
  return (elements * bits) / 8;
}

/** @param tensors sorted by offset */
function checkCoverage(tensors: readonly TensorRecord[], dataOffset: number, size: number): void {
  let end = dataOffset;
  for (const { name, offset, length } of tensors) {
    if (offset < end)
      throw error('E_MALFORMED', 'overlap', 'it begins inside the tensor before it', {
        tensor: name,
        offset,
      });
    if (offset > end)
      throw error('E_MALFORMED', 'hole', `${offset - end} bytes before it belong to no tensor`, {
        tensor: name,
        offset: end,
      });
    end = offset + length;
    if (end > size)
      throw error('E_MALFORMED', 'past-end', 'it ends behind the end of the file', { tensor: name, offset });
  }
  if (end < size)
    throw error('E_MALFORMED', 'trailing', `${size - end} bytes after the last tensor belong to none`, {
      offset: end,
    });
}

function areCounts(value: JsonValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function error(
  code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED',
  rule: string,
  message: string,
  { tensor, offset }: { readonly tensor?: string; readonly offset?: number } = {},
): MlbomError {
  const subject = tensor?.slice(0, 200);
  return new MlbomError(code, `safetensors: ${subject === undefined ? '' : `${subject}: `}${message}`, {
    rule: `safetensors-${rule}`,
    ...(subject === undefined ? {} : { subject }),
    ...(offset === undefined ? {} : { offset }),
  });
}
