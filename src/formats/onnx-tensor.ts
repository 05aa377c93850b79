import type { ByteRange } from '../core/entry.ts';
import { limits } from '../core/limits.ts';
import { elementCount } from './element-count.ts';
import { leavesDirectory } from './leaves-directory.ts';
import type { OnnxDataType, TypedField } from './onnx-data-types.ts';
import { onnxDataType } from './onnx-data-types.ts';
import type { FieldHandler, OnnxReader } from './onnx-reader.ts';
import {
  countOf,
  message,
  onnxError,
  readMessage,
  readPair,
  spend,
  text,
  varint,
  varints,
} from './onnx-reader.ts';
import type { OnnxExternalData, OnnxSparseTensor, OnnxTensor, OnnxTensorData } from './onnx-types.ts';

/** What a `TensorProto` says, before its parts are held against each other. */
interface TensorProto {
  name: string;
  typeId: bigint;
  readonly shape: number[];
  external: boolean;
  readonly externalData: Map<string, string>;
  raw: ByteRange;
  /** Entries of each typed field that has some. */
  readonly typed: Map<TypedField, number>;
}

/** Reads a `TensorProto`; its bytes stay where they are. */
export async function readTensor(reader: OnnxReader, range: ByteRange): Promise<OnnxTensor> {
  reader.tensorsLeft = spend(reader.tensorsLeft, 1, 'tensors');
  const tensor = await readTensorProto(reader, range);
  const type = onnxDataType(tensor.typeId);
  if (type === undefined) {
    const code = tensor.typeId === 0n ? 'E_MALFORMED' : 'E_UNSUPPORTED';
    throw onnxError(code, 'data-type', `the tensor ${label(tensor)} is of data type ${tensor.typeId}`);
  }
  return { name: tensor.name, dtype: type.name, shape: tensor.shape, data: dataOf(tensor, type) };
}

/** Reads a `SparseTensorProto`. */
export async function readSparseTensor(reader: OnnxReader, range: ByteRange): Promise<OnnxSparseTensor> {
  const parts = new Map<'values' | 'indices', OnnxTensor>();
  const shape: number[] = [];
  await readMessage(reader, range, {
    1: message(async (it) => void parts.set('values', await readTensor(reader, it))),
    2: message(async (it) => void parts.set('indices', await readTensor(reader, it))),
    3: dimensions(reader, shape),
  });
  const values = parts.get('values');
  const indices = parts.get('indices');
  if (values !== undefined && indices !== undefined) return { shape, values, indices };
  throw onnxError('E_MALFORMED', 'sparse-tensor', 'a sparse tensor without values or indices');
}

async function readTensorProto(reader: OnnxReader, range: ByteRange): Promise<TensorProto> {
  const tensor: TensorProto = {
    name: '',
    typeId: 0n,
    shape: [],
    external: false,
    externalData: new Map(),
    raw: { offset: 0, length: 0 },
    typed: new Map(),
  };
  await readMessage(reader, range, {
    1: dimensions(reader, tensor.shape),
    2: varint((value) => (tensor.typeId = value)),
    4: fixed(tensor, 'float_data', 'fixed32', 4),
    5: numbers(reader, tensor, 'int32_data'),
    6: strings(tensor),
    7: numbers(reader, tensor, 'int64_data'),
    8: text(reader, (value) => (tensor.name = value)),
    9: {
      wires: ['bytes'],
      read: (field) => {
        tensor.raw = field.range;
        return undefined;
      },
    },
    10: fixed(tensor, 'double_data', 'fixed64', 8),
    11: numbers(reader, tensor, 'uint64_data'),
    13: message((it) => addExternalData(reader, it, tensor)),
    14: varint((value) => (tensor.external = value === 1n)),
  });
  return tensor;
}

function dimensions(reader: OnnxReader, shape: number[]): FieldHandler {
  return varints(reader, (value) => {
    if (shape.length === limits.tensorDimensions)
      throw onnxError('E_LIMIT', 'dimensions', 'too many dimensions');
    shape.push(countOf(value, 'shape'));
  });
}

function numbers(reader: OnnxReader, tensor: TensorProto, typed: TypedField): FieldHandler {
  return {
    wires: ['varint', 'bytes'],
    read: async ({ wire, range }) => {
      addEntries(tensor, typed, wire === 'varint' ? 1 : await reader.protobuf.countPacked(range));
    },
  };
}

function fixed(
  tensor: TensorProto,
  typed: TypedField,
  wire: 'fixed32' | 'fixed64',
  bytes: number,
): FieldHandler {
  return {
    wires: [wire, 'bytes'],
    read: ({ range }) => {
      addEntries(tensor, typed, range.length / bytes);
      return undefined;
    },
  };
}

function strings(tensor: TensorProto): FieldHandler {
  return {
    wires: ['bytes'],
    read: () => {
      addEntries(tensor, 'string_data', 1);
      return undefined;
    },
  };
}

function addEntries(tensor: TensorProto, field: TypedField, count: number): void {
  if (count > 0) tensor.typed.set(field, (tensor.typed.get(field) ?? 0) + count);
}

async function addExternalData(reader: OnnxReader, range: ByteRange, tensor: TensorProto): Promise<void> {
  const [key, value] = await readPair(reader, range);
  if (tensor.externalData.has(key)) throw externalTwice(tensor, key);
  tensor.externalData.set(key, value);
  // The specification knows four keys, ONNX Runtime a few more.
  if (tensor.externalData.size > 64) throw onnxError('E_LIMIT', 'list', 'external data says too much');
}

/** The one place of a tensor's bytes, which must have as many as its shape and type need. */
function dataOf(tensor: TensorProto, type: OnnxDataType): OnnxTensorData {
  const { raw, typed } = tensor;
  const count = elementCount(tensor.shape);
  if (count === undefined)
    throw onnxError('E_MALFORMED', 'shape', `${label(tensor)} is larger than any file`, tensor.name);
  const places = Number(tensor.external) + Number(raw.length > 0) + typed.size;
  if (places > 1)
    throw onnxError(
      'E_MALFORMED',
      'tensor-data',
      `${label(tensor)} has its data at several places`,
      tensor.name,
    );

  const bytes = type.bits === undefined ? undefined : Math.ceil((count * type.bits) / 8);
  if (tensor.external) return externalData(tensor, bytes);
  if (raw.length > 0) {
    if (raw.length !== bytes) throw sizeError(tensor, `${raw.length} bytes`);
    return { kind: 'raw', ...raw };
  }
  for (const [field, entries] of typed) {
    if (field !== type.typedField) {
      throw onnxError('E_MALFORMED', 'tensor-data', `${label(tensor)} is ${type.name} and has ${field}`);
    }
    if (entries !== Math.ceil(count * type.entries)) throw sizeError(tensor, `${entries} entries`);
    return { kind: 'typed', field };
  }
  if (count > 0) throw sizeError(tensor, 'nothing');
  return { kind: 'none' };
}

function externalData(tensor: TensorProto, bytes: number | undefined): OnnxExternalData {
  const location = tensor.externalData.get('location');
  if (location === undefined) throw externalError(tensor, 'has no location');
  if (bytes === undefined) throw externalError(tensor, 'would be strings');
  const offset = decimal(tensor, 'offset');
  const length = decimal(tensor, 'length');
  const checksum = tensor.externalData.get('checksum');
  if (length !== undefined && length !== bytes) throw sizeError(tensor, `${length} bytes elsewhere`);
  return {
    kind: 'external',
    location,
    escapes: leavesDirectory(location),
    needs: bytes,
    ...(offset === undefined ? {} : { offset }),
    ...(length === undefined ? {} : { length }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

function decimal(tensor: TensorProto, key: 'offset' | 'length'): number | undefined {
  const value = tensor.externalData.get(key);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^[0-9]{1,16}$/.test(value) && number <= limits.fileBytes) return number;
  const what = `the external data of ${label(tensor)} has the ${key} ${value.slice(0, 40)}`;
  throw onnxError('E_MALFORMED', 'external-range', what, tensor.name);
}

function sizeError(tensor: TensorProto, has: string) {
  return onnxError(
    'E_MALFORMED',
    'tensor-size',
    `${label(tensor)}: ${has} where its shape needs something else`,
    tensor.name,
  );
}

function externalError(tensor: TensorProto, what: string) {
  return onnxError('E_MALFORMED', 'external-data', `the external data of ${label(tensor)} ${what}`);
}

/** Of two locations, readers take the first or the last. */
function externalTwice(tensor: TensorProto, key: string) {
  const what = `the external data of ${label(tensor)} says ${key.slice(0, 40)} twice`;
  return onnxError('E_MALFORMED', 'external-twice', what, tensor.name);
}

function label(tensor: TensorProto): string {
  return JSON.stringify(tensor.name.slice(0, 80));
}
