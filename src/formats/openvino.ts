import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { readXml, type XmlTag } from './xml/read-xml.ts';

/** A constant of the graph: bytes of the `.bin` file beside the XML. */
export interface OpenvinoConstant {
  readonly name: string;
  /** As OpenVINO names it: `f16`. */
  readonly elementType: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

export interface OpenvinoModel {
  readonly name: string;
  /** Version of the format: 10, 11. */
  readonly version: string;
  readonly layers: number;
  /** Kinds of layers by operator set: `opset1:Convolution`. */
  readonly operators: ReadonlySet<string>;
  /** `image: f32[1,3,224,224]` of each parameter. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly constants: readonly OpenvinoConstant[];
  /** What `rt_info` of the model says, by path: `nncf/version`, `conversion_parameters/framework`. */
  readonly info: ReadonlyMap<string, string>;
}

interface Layer {
  readonly name: string;
  readonly type: string;
  readonly opset: string;
}

/** Values of `rt_info` that are kept. */
const mostInfo = 1024;

/**
 * Describes an OpenVINO model from its XML (IR 10 and 11). Weights lie in another file and are not looked at.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`
 */
export async function readOpenvino(source: ByteSource): Promise<OpenvinoModel> {
  const operators = new Set<string>();
  const inputs: string[] = [];
  const outputs: string[] = [];
  const constants: OpenvinoConstant[] = [];
  const info = new Map<string, string>();
  const path: string[] = [];
  let root: XmlTag | undefined;
  let layer: Layer | undefined;
  let layers = 0;
  for await (const tag of readXml(source)) {
    if (tag.kind === 'close') {
      path.length = tag.depth;
      continue;
    }
    path.length = tag.depth;
    path.push(tag.name);
    if (tag.depth === 0) {
      if (tag.name !== 'net') throw openvinoError('E_MALFORMED', 'root', 'its root is not a net');
      root = tag;
    } else if (tag.name === 'layer' && path[tag.depth - 1] === 'layers') {
      layers++;
      if (layers > limits.onnxNodes) throw openvinoError('E_LIMIT', 'layers', 'too many layers');
      layer = layerOf(tag);
      if (operators.size < limits.onnxListEntries) operators.add(`${layer.opset}:${layer.type}`);
      if (layer.type === 'Result' && isTop(tag)) outputs.push(layer.name);
    } else if (tag.name === 'data' && path[tag.depth - 1] === 'layer' && layer) {
      if (layer.type === 'Parameter' && tag.depth === 3)
        inputs.push(`${layer.name}: ${typeOf(tag)}[${tag.attributes.get('shape') ?? ''}]`);
      if (layer.type === 'Const') keepConstant(constants, layer, tag);
    } else if (path[1] === 'rt_info' && info.size < mostInfo) {
      const value = tag.attributes.get('value');
      if (value !== undefined) info.set(path.slice(2).join('/'), value);
    }
  }
  if (!root) throw openvinoError('E_MALFORMED', 'root', 'it has no net');
  return {
    name: root.attributes.get('name') ?? '',
    version: root.attributes.get('version') ?? '',
    layers,
    operators,
    inputs,
    outputs,
    constants,
    info,
  };
}

/** Layers of bodies of loops and conditions lie deeper. */
function isTop(tag: XmlTag): boolean {
  return tag.depth === 2;
}

function layerOf({ attributes }: XmlTag): Layer {
  return {
    name: attributes.get('name') ?? '',
    type: attributes.get('type') ?? '',
    opset: attributes.get('version') ?? '',
  };
}

function typeOf({ attributes }: XmlTag): string {
  return attributes.get('element_type') ?? 'unknown';
}

function keepConstant(constants: OpenvinoConstant[], layer: Layer, tag: XmlTag): void {
  if (constants.length === limits.tensorsPerFile)
    throw openvinoError('E_LIMIT', 'constants', 'too many constants');
  const offset = numberOf(tag, 'offset', layer);
  const length = numberOf(tag, 'size', layer);
  const text = tag.attributes.get('shape')?.trim() ?? '';
  const shape = text === '' ? [] : text.split(',', limits.tensorDimensions + 1).map(Number);
  if (
    !shape.every((size) => Number.isSafeInteger(size) && size >= 0) ||
    shape.length > limits.tensorDimensions
  )
    throw openvinoError(
      'E_MALFORMED',
      'shape',
      `${layer.name.slice(0, 80)} has a shape of other things than numbers`,
    );
  constants.push({ name: layer.name, elementType: typeOf(tag), shape, offset, length });
}

function numberOf({ attributes }: XmlTag, name: string, layer: Layer): number {
  const text = attributes.get(name) ?? '';
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value <= limits.fileBytes) return value;
  throw openvinoError('E_MALFORMED', 'number', `${layer.name.slice(0, 80)} has no ${name}`);
}

function openvinoError(code: 'E_MALFORMED' | 'E_LIMIT', rule: string, message: string): MlbomError {
  return new MlbomError(code, `openvino: ${message}`, { rule: `openvino-${rule}` });
}
