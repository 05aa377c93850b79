import type { ByteRange } from '../core/entry.ts';
import { limits } from '../core/limits.ts';
import type { TensorRecord } from '../core/manifest.ts';
import { elementCount } from './element-count.ts';
import { readFields, tensorflowError, type TensorflowReader } from './tensorflow-reader.ts';
import { tensorflowType } from './tensorflow-types.ts';

/** A `TensorShapeProto`; -1 stands for a dimension of any size, `undefined` for a shape of any rank. */
export async function readShape(reader: TensorflowReader, range: ByteRange): Promise<number[] | undefined> {
  const shape: number[] = [];
  const rank = { isUnknown: false };
  await readFields(reader, range, {
    2: [
      'bytes',
      async (field) => {
        if (shape.length >= limits.tensorDimensions)
          throw tensorflowError('E_LIMIT', 'dimensions', 'too many dimensions');
        shape.push(await readDimension(reader, field.range));
      },
    ],
    3: ['varint', ({ varint }) => void (rank.isUnknown = varint !== 0n)],
  });
  return rank.isUnknown ? undefined : shape;
}

async function readDimension(reader: TensorflowReader, range: ByteRange): Promise<number> {
  let size = 0;
  await readFields(reader, range, {
    1: ['varint', ({ varint }) => void (size = Number(BigInt.asIntN(64, varint)))],
  });
  if (size >= -1 && Number.isSafeInteger(size)) return size;
  throw tensorflowError('E_MALFORMED', 'shape', `a dimension of ${size}`);
}

/** A `TensorProto` under this name: its type, shape, and the range of its plain bytes where it has one. */
export async function readTensor(
  reader: TensorflowReader,
  range: ByteRange,
  name: string,
): Promise<TensorRecord> {
  let type = 0;
  const found: { shape: readonly number[] | undefined; content: ByteRange } = {
    shape: [],
    content: { offset: 0, length: 0 },
  };
  await readFields(reader, range, {
    1: ['varint', ({ varint }) => void (type = Number(varint))],
    2: ['bytes', async (field) => void (found.shape = await readShape(reader, field.range))],
    4: ['bytes', (field) => void (found.content = field.range)],
  });
  const { shape, content } = found;
  const { name: dtype, bits } = tensorflowType(type);
  if (!shape || shape.includes(-1))
    throw tensorflowError('E_MALFORMED', 'constant', `${name} has no fixed shape`);
  const elements = elementCount(shape);
  if (elements === undefined)
    throw tensorflowError('E_MALFORMED', 'shape', `${name} is larger than any file`);
  // A tensor whose elements are all equal, or small, stands in typed fields instead.
  const isPlain = bits !== undefined && (elements * bits) / 8 === content.length;
  return { name, dtype, shape, ...(isPlain && content.length > 0 ? content : { offset: 0, length: 0 }) };
}
