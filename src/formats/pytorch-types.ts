/** Element types as PyTorch names them, and the bytes of one element. */
const elementBytes: ReadonlyMap<string, number> = new Map([
  ['float64', 8],
  ['double', 8],
  ['float32', 4],
  ['float', 4],
  ['float16', 2],
  ['half', 2],
  ['bfloat16', 2],
  ['float8_e4m3fn', 1],
  ['float8_e4m3fnuz', 1],
  ['float8_e5m2', 1],
  ['float8_e5m2fnuz', 1],
  ['float8_e8m0fnu', 1],
  ['float4_e2m1fn_x2', 1],
  ['int64', 8],
  ['long', 8],
  ['int32', 4],
  ['int', 4],
  ['int16', 2],
  ['short', 2],
  ['int8', 1],
  ['uint8', 1],
  ['uint16', 2],
  ['uint32', 4],
  ['uint64', 8],
  ['bool', 1],
  ['complex32', 4],
  ['complex64', 8],
  ['complex128', 16],
  ['qint8', 1],
  ['quint8', 1],
  ['qint32', 4],
  ['quint4x2', 1],
  ['quint2x4', 1],
]);

/** Typed storages, and the element type of each; an untyped one counts bytes. */
const storageTypes: ReadonlyMap<string, string> = new Map([
  ['DoubleStorage', 'float64'],
  ['FloatStorage', 'float32'],
  ['HalfStorage', 'float16'],
  ['BFloat16Storage', 'bfloat16'],
  ['LongStorage', 'int64'],
  ['IntStorage', 'int32'],
  ['ShortStorage', 'int16'],
  ['CharStorage', 'int8'],
  ['ByteStorage', 'uint8'],
  ['BoolStorage', 'bool'],
  ['ComplexFloatStorage', 'complex64'],
  ['ComplexDoubleStorage', 'complex128'],
  ['QInt8Storage', 'qint8'],
  ['QUInt8Storage', 'quint8'],
  ['QInt32Storage', 'qint32'],
  ['QUInt4x2Storage', 'quint4x2'],
  ['QUInt2x4Storage', 'quint2x4'],
  ['UntypedStorage', 'uint8'],
  ['_UntypedStorage', 'uint8'],
]);

/** Bytes of one element of `torch.<name>`. */
export function pytorchElementBytes(dtype: string): number | undefined {
  return elementBytes.get(dtype);
}

/** The element type of `torch.FloatStorage` and its like, by the name of the class. */
export function pytorchStorageType(className: string): string | undefined {
  return storageTypes.get(className);
}
