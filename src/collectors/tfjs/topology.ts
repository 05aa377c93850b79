import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import type { AttributeList } from '../attributes.ts';

/** What the graph or the layers of a model, and its signature, say. */
export function addTopology(model: JsonObject, observed: AttributeList, declared: AttributeList): void {
  const topology = model['modelTopology'];
  const nodes = listAt(topology, 'node');
  const operators = new Set(nodes.flatMap((node) => textAt(node, 'op') ?? []));
  observed.add('mlbom:model:operators', [...operators].sort().join(', '), 'modelTopology.node');
  for (const side of ['inputs', 'outputs'] as const) {
    const values =
      valueAt(model['signature'], side) ?? valueAt(model['userDefinedMetadata'], 'signature', side);
    if (isObject(values)) observed.add(side, Object.entries(values).map(signatureLine).sort(), 'signature');
  }
  // What Keras wrote: the layers, under `model_config` since TensorFlow.js 0.6.
  const config = valueAt(topology, 'model_config') ?? topology;
  declared.add('modelArchitecture', textAt(config, 'class_name'), 'modelTopology.class_name');
  const keras = textAt(topology, 'keras_version');
  if (keras !== undefined)
    declared.add('mlbom:model:header', `keras_version=${keras}`, 'modelTopology.keras_version');
  const layers = new Set(
    listAt(config, 'config', 'layers').flatMap((layer) => textAt(layer, 'class_name') ?? []),
  );
  for (const name of [...layers].sort()) observed.add('mlbom:model:classes', name, 'modelTopology.layers');
}

/** `image: DT_FLOAT[?,224,224,3]` */
function signatureLine([name, value]: [string, unknown]): string {
  const dimensions = listAt(value, 'tensorShape', 'dim').map((dimension) => {
    const size = valueAt(dimension, 'size');
    const text = typeof size === 'string' || typeof size === 'number' ? String(size) : '?';
    return text.startsWith('-') ? '?' : text;
  });
  return `${name}: ${textAt(value, 'dtype') ?? 'unknown'}[${dimensions.join(',')}]`;
}

function listAt(value: unknown, ...names: string[]): readonly unknown[] {
  const list = valueAt(value, ...names);
  return Array.isArray(list) ? list : [];
}
