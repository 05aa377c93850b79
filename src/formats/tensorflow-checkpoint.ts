import type { ByteRange, ByteSource } from '../core/entry.ts';
import { decodeUtf8 } from '../core/json.ts';
import { isCount } from '../core/json-access.ts';
import { limits } from '../core/limits.ts';
import type { TensorRecord } from '../core/manifest.ts';
import { elementCount } from './element-count.ts';
import { openTensorflow, readFields, tensorflowError, type TensorflowReader } from './tensorflow-reader.ts';
import { readTable } from './tensorflow-table.ts';
import { tensorflowType } from './tensorflow-types.ts';
import { readShape } from './tensorflow-values.ts';

/** What the index of a checkpoint says of the shards beside it. */
export interface TensorflowCheckpoint {
  readonly shards: number;
  readonly bigEndian: boolean;
  /** Under their own names, in the order of these; offsets are in their shard. */
  readonly tensors: readonly CheckpointTensor[];
  /** Bytes that each shard must have at least, by its number. */
  readonly shardBytes: readonly number[];
}

export interface CheckpointTensor extends TensorRecord {
  /** Counted from 0. */
  readonly shard: number;
  /** A variable that was saved in slices, which lie in the shards one by one: its length is 0. */
  readonly isSliced: boolean;
}

/**
 * Reads the index of a checkpoint (`*.index`; tensorflow/core/protobuf/tensor_bundle.proto): a table with a header under
 * the empty key, and an entry for each tensor.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`
 */
export async function readTensorflowCheckpoint(source: ByteSource): Promise<TensorflowCheckpoint> {
  const reader = openTensorflow(source);
  const tensors: CheckpointTensor[] = [];
  let header: { shards: number; bigEndian: boolean } | undefined;
  let shardBytes: number[] = [];
  for await (const { key, value } of readTable(source)) {
    if (!header) {
      if (key.length > 0) throw tensorflowError('E_MALFORMED', 'checkpoint', 'the index has no header');
      header = await readHeader(reader, value);
      shardBytes = Array<number>(header.shards).fill(0);
      continue;
    }
    const entry = await readEntry(reader, value);
    const needed = shardBytes[entry.shard];
    if (needed === undefined)
      throw tensorflowError('E_MALFORMED', 'shard', `a tensor in shard ${entry.shard}`);
    shardBytes[entry.shard] = Math.max(needed, entry.offset + entry.length);
    // The slice of a variable: its key is no name, and the variable has an entry of its own.
    if (key[0] === 0) continue;
    if (reader.tensorsLeft-- <= 0)
      throw tensorflowError('E_LIMIT', 'tensors', `more than ${limits.tensorsPerFile} tensors`);
    tensors.push({ name: decodeUtf8(key, 'tensor name'), ...entry });
  }
  if (!header) throw tensorflowError('E_MALFORMED', 'checkpoint', 'the index is empty');
  return { ...header, tensors, shardBytes };
}

/** A `BundleHeaderProto`. */
async function readHeader(
  reader: TensorflowReader,
  range: ByteRange,
): Promise<{ shards: number; bigEndian: boolean }> {
  let [shards, endianness] = [0, 0];
  await readFields(reader, range, {
    1: ['varint', ({ varint }) => void (shards = Number(varint))],
    2: ['varint', ({ varint }) => void (endianness = Number(varint))],
  });
  if (shards > limits.shards) throw tensorflowError('E_LIMIT', 'shards', `${shards} shards`);
  return { shards, bigEndian: endianness === 1 };
}

/** A `BundleEntryProto`. */
async function readEntry(
  reader: TensorflowReader,
  range: ByteRange,
): Promise<Omit<CheckpointTensor, 'name'>> {
  const numbers = { type: 0, shard: 0, offset: 0, length: 0 };
  const found: { shape: readonly number[] | undefined; isSliced: boolean } = { shape: [], isSliced: false };
  await readFields(reader, range, {
    1: ['varint', ({ varint }) => void (numbers.type = Number(varint))],
    2: ['bytes', async (field) => void (found.shape = await readShape(reader, field.range))],
    3: ['varint', ({ varint }) => void (numbers.shard = Number(varint))],
    4: ['varint', ({ varint }) => void (numbers.offset = Number(varint))],
    5: ['varint', ({ varint }) => void (numbers.length = Number(varint))],
    7: ['bytes', () => void (found.isSliced = true)],
  });
  const { type, shard, offset, length } = numbers;
  if (!isCount(offset + length))
    throw tensorflowError('E_MALFORMED', 'entry', 'a tensor behind the end of every file');
  const { name: dtype, bits } = tensorflowType(type);
  const { shape, isSliced } = found;
  const elements = shape && !shape.includes(-1) ? elementCount(shape) : undefined;
  if (!shape || elements === undefined)
    throw tensorflowError('E_MALFORMED', 'shape', 'a tensor without a fixed shape');
  if (isSliced) return { dtype, shape, shard: 0, offset: 0, length: 0, isSliced };
  if (bits !== undefined && (elements * bits) / 8 !== length) {
    throw tensorflowError('E_MALFORMED', 'entry', `${length} bytes do not hold ${dtype}[${shape.join(',')}]`);
  }
  return { dtype, shape, shard, offset, length, isSliced };
}
