/** What safetensors calls the element types that PyTorch, NumPy, ONNX and people have other names for. */
const names: ReadonlyMap<string, string> = new Map([
  ['double', 'F64'],
  ['float64', 'F64'],
  ['fp64', 'F64'],
  ['float', 'F32'],
  ['float32', 'F32'],
  ['fp32', 'F32'],
  ['half', 'F16'],
  ['float16', 'F16'],
  ['fp16', 'F16'],
  ['bfloat16', 'BF16'],
  ['float8_e4m3fn', 'F8_E4M3'],
  ['float8e4m3fn', 'F8_E4M3'],
  ['float8_e4m3fnuz', 'F8_E4M3FNUZ'],
  ['float8e4m3fnuz', 'F8_E4M3FNUZ'],
  ['float8_e5m2', 'F8_E5M2'],
  ['float8e5m2', 'F8_E5M2'],
  ['float8_e5m2fnuz', 'F8_E5M2FNUZ'],
  ['float8e5m2fnuz', 'F8_E5M2FNUZ'],
  ['float8_e8m0fnu', 'F8_E8M0'],
  ['float8e8m0', 'F8_E8M0'],
  ['complex64', 'C64'],
  ['bool', 'BOOL'],
  ['int8', 'I8'],
  ['int16', 'I16'],
  ['int32', 'I32'],
  ['int64', 'I64'],
  ['uint8', 'U8'],
  ['uint16', 'U16'],
  ['uint32', 'U32'],
  ['uint64', 'U64'],
]);

/** The element type under safetensors' name, so that formats can be compared: `torch.bfloat16` is `BF16`. */
export function dtypeName(text: string): string {
  const name = text.trim().replace(/^torch\./, '');
  return names.get(name.toLowerCase()) ?? (/^b?f\d+$/i.test(name) ? name.toUpperCase() : name);
}
