import type { OnnxValue } from '../../formats/onnx.ts';

/** An input or output as one line: `pixels: FLOAT[1,3,height,width]`; `?` is a dimension that nobody named. */
export function valueFormat(value: OnnxValue): string {
  if (value.kind !== 'tensor') return `${value.name}: ${value.kind}`;
  const shape = value.shape ? `[${value.shape.map((dimension) => dimension ?? '?').join(',')}]` : '';
  return `${value.name}: ${value.elemType ?? 'unknown'}${shape}`;
}
