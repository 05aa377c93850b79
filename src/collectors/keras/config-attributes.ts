import { isObject, type JsonValue } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import type { AttributeList } from '../attributes.ts';
import type { ExaminedConfig } from './examine-config.ts';

/** Most names worth listing. */
const most = 64;
/** Objects that Keras writes around values; no layers. */
const plainObjects = /^(?:__\w+__|function|DTypePolicy|InputLayer)$/;

/** What the configuration of a model says of it: its kind, inputs and layers. */
export function addConfigAttributes(
  config: JsonValue,
  examined: ExaminedConfig,
  attributes: AttributeList,
  at: string,
): void {
  attributes.add('modelArchitecture', textAt(config, 'class_name'), `${at}/class_name`);
  const name = textAt(config, 'config', 'name');
  attributes.add('mlbom:model:header', name === undefined ? undefined : `model=${name}`, `${at}/config/name`);
  const layers = valueAt(config, 'config', 'layers');
  if (!Array.isArray(layers)) return;
  attributes.add('mlbom:model:header', `layers=${layers.length}`, `${at}/config/layers`);
  const kinds = new Set(
    layers.map((layer) => textAt(layer, 'class_name')).filter((kind) => kind !== undefined),
  );
  const operators = [...kinds].filter((kind) => !plainObjects.test(kind)).sort();
  attributes.add('mlbom:model:operators', operators.slice(0, most).join(', '), `${at}/config/layers`);
  attributes.add('inputs', inputsOf(layers), `${at}/config/layers`);
  for (const custom of [...examined.custom].sort().slice(0, most))
    attributes.add('mlbom:model:classes', custom, at);
}

/** What a training configuration of an HDF5 model, or the compile configuration of a newer one, says. */
export function addTrainingAttributes(training: unknown, attributes: AttributeList, at: string): void {
  const optimizer =
    textAt(training, 'optimizer_config', 'class_name') ?? nameOf(valueAt(training, 'optimizer'));
  attributes.add('mlbom:model:header', optimizer === undefined ? undefined : `optimizer=${optimizer}`, at);
  const loss = nameOf(valueAt(training, 'loss'));
  attributes.add('mlbom:model:header', loss === undefined ? undefined : `loss=${loss}`, at);
}

function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const className = textAt(value, 'class_name');
  return className === 'function' ? textAt(value, 'config') : className;
}

/** `image: float32[?,28,28]` for each input layer. */
function inputsOf(layers: readonly JsonValue[]): string[] {
  return layers
    .filter((layer) => textAt(layer, 'class_name') === 'InputLayer')
    .slice(0, most)
    .map((layer) => {
      const config = valueAt(layer, 'config');
      const shape = valueAt(config, 'batch_shape') ?? valueAt(config, 'batch_input_shape');
      const dtype = valueAt(config, 'dtype');
      const type =
        typeof dtype === 'string' ? dtype : isObject(dtype) ? textAt(dtype, 'config', 'name') : undefined;
      return `${textAt(config, 'name') ?? 'input'}: ${type ?? 'unknown'}${shapeText(shape)}`;
    });
}

function shapeText(shape: unknown): string {
  if (!Array.isArray(shape)) return '';
  return `[${shape.map((size) => (typeof size === 'number' ? String(size) : '?')).join(',')}]`;
}
