/** The typed field of a `TensorProto` that may hold elements of a type instead of `raw_data`. */
export type TypedField =
  'float_data' | 'int32_data' | 'string_data' | 'int64_data' | 'double_data' | 'uint64_data';

export interface OnnxDataType {
  readonly name: string;
  /** Bits of one element in `raw_data`; absent for strings, which cannot stand there. */
  readonly bits?: number;
  readonly typedField: TypedField;
  /** Entries of the typed field for one element; a fraction where several share an entry. */
  readonly entries: number;
}

/** `TensorProto.DataType` by its number, with the typed fields as the comments of onnx.proto assign them. */
const dataTypes: readonly (OnnxDataType | undefined)[] = [
  undefined,
  type('FLOAT', 32, 'float_data'),
  type('UINT8', 8, 'int32_data'),
  type('INT8', 8, 'int32_data'),
  type('UINT16', 16, 'int32_data'),
  type('INT16', 16, 'int32_data'),
  type('INT32', 32, 'int32_data'),
  type('INT64', 64, 'int64_data'),
  { name: 'STRING', typedField: 'string_data', entries: 1 },
  type('BOOL', 8, 'int32_data'),
  type('FLOAT16', 16, 'int32_data'),
  type('DOUBLE', 64, 'double_data'),
  type('UINT32', 32, 'uint64_data'),
  type('UINT64', 64, 'uint64_data'),
  type('COMPLEX64', 64, 'float_data', 2),
  type('COMPLEX128', 128, 'double_data', 2),
  type('BFLOAT16', 16, 'int32_data'),
  type('FLOAT8E4M3FN', 8, 'int32_data'),
  type('FLOAT8E4M3FNUZ', 8, 'int32_data'),
  type('FLOAT8E5M2', 8, 'int32_data'),
  type('FLOAT8E5M2FNUZ', 8, 'int32_data'),
  type('UINT4', 4, 'int32_data', 1 / 2),
  type('INT4', 4, 'int32_data', 1 / 2),
  type('FLOAT4E2M1', 4, 'int32_data', 1 / 2),
  type('FLOAT8E8M0', 8, 'int32_data'),
  type('UINT2', 2, 'int32_data', 1 / 4),
  type('INT2', 2, 'int32_data', 1 / 4),
];

/** The data type with this number, if onnx.proto has one. */
export function onnxDataType(id: bigint): OnnxDataType | undefined {
  return dataTypes[Number(id)];
}

function type(name: string, bits: number, typedField: TypedField, entries = 1): OnnxDataType {
  return { name, bits, typedField, entries };
}
