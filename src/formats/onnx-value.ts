import type { ByteRange } from '../core/entry.ts';
import { limits } from '../core/limits.ts';
import { onnxDataType } from './onnx-data-types.ts';
import type { OnnxReader } from './onnx-reader.ts';
import { countOf, message, onnxError, readMessage, text, varint } from './onnx-reader.ts';
import type { OnnxValue } from './onnx-types.ts';

type ValueType = Omit<OnnxValue, 'name'>;
type Dimension = number | string | null;

/** Reads a `ValueInfoProto`. */
export async function readValue(reader: OnnxReader, range: ByteRange): Promise<OnnxValue> {
  let name = '';
  let type: ValueType = { kind: 'unknown' };
  await readMessage(reader, range, {
    1: text(reader, (value) => (name = value)),
    2: message(async (it) => void (type = await readType(reader, it))),
  });
  return { name, ...type };
}

/** Reads a `TypeProto`, one level deep: what a sequence is of has no bearing on a bill of materials. */
async function readType(reader: OnnxReader, range: ByteRange): Promise<ValueType> {
  let type: ValueType = { kind: 'unknown' };
  const other = (kind: OnnxValue['kind']) =>
    message(async () => {
      type = { kind };
      return Promise.resolve();
    });
  await readMessage(reader, range, {
    1: message(async (it) => void (type = await readTensorType(reader, it, 'tensor'))),
    4: other('sequence'),
    5: other('map'),
    7: other('opaque'),
    8: message(async (it) => void (type = await readTensorType(reader, it, 'sparse-tensor'))),
    9: other('optional'),
  });
  return type;
}

async function readTensorType(
  reader: OnnxReader,
  range: ByteRange,
  kind: 'tensor' | 'sparse-tensor',
): Promise<ValueType> {
  let elemType: string | undefined;
  let shape: Dimension[] | undefined;
  await readMessage(reader, range, {
    1: varint((value) => (elemType = onnxDataType(value)?.name)),
    2: message(async (it) => void (shape = await readShape(reader, it))),
  });
  return { kind, ...(elemType === undefined ? {} : { elemType }), ...(shape === undefined ? {} : { shape }) };
}

async function readShape(reader: OnnxReader, range: ByteRange): Promise<Dimension[]> {
  const shape: Dimension[] = [];
  await readMessage(reader, range, {
    1: message(async (it) => {
      if (shape.length === limits.tensorDimensions)
        throw onnxError('E_LIMIT', 'dimensions', 'too many dimensions');
      shape.push(await readDimension(reader, it));
    }),
  });
  return shape;
}

async function readDimension(reader: OnnxReader, range: ByteRange): Promise<Dimension> {
  let dimension: Dimension = null;
  await readMessage(reader, range, {
    // Exporters write -1 for a dimension that is free.
    1: varint((value) => (dimension = value === 2n ** 64n - 1n ? null : countOf(value, 'shape'))),
    2: text(reader, (value) => (dimension = value === '' ? null : value)),
  });
  return dimension;
}
