import { dtypeName } from '../../core/dtype.ts';
import type { Attribute } from '../../core/fact.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { numberAt, textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { attributesFrom } from '../attributes.ts';

/** What `config.json` states; nothing when it is some other tool's file of that name. */
export function configAttributes(config: JsonObject, path: string): readonly Attribute[] {
  const family = textAt(config, 'model_type');
  const architectures = textsAt(config, 'architectures');
  if (family === undefined && architectures.length === 0) return [];

  // A multimodal model keeps the numbers of its language model one level down.
  const language = [config, valueAt(config, 'text_config'), valueAt(config, 'llm_config')].filter(isObject);
  function first(...names: string[]): string | undefined {
    for (const part of language) {
      for (const name of names) {
        const value = numberAt(part, name);
        if (value !== undefined && Number.isSafeInteger(value) && value > 0) return String(value);
      }
    }
    return undefined;
  }

  const attributes = attributesFrom(path, 'transformers');
  attributes.add('architectureFamily', family, 'model_type');
  attributes.add('modelArchitecture', architectures[0], 'architectures');
  attributes.add('mlbom:model:dtype', dtypeOf(config), 'torch_dtype');
  attributes.add('mlbom:model:quantization', quantizationOf(config), 'quantization_config');
  const context = first(
    'max_position_embeddings',
    'n_positions',
    'max_seq_len',
    'max_sequence_length',
    'seq_length',
  );
  attributes.add('mlbom:model:context-length', context, 'max_position_embeddings');
  attributes.add(
    'mlbom:model:embedding-length',
    first('hidden_size', 'd_model', 'n_embd', 'dim'),
    'hidden_size',
  );
  attributes.add(
    'mlbom:model:layers',
    first('num_hidden_layers', 'n_layer', 'num_layers', 'n_layers'),
    'num_hidden_layers',
  );
  attributes.add('mlbom:model:vocabulary-size', first('vocab_size'), 'vocab_size');
  const version = textAt(config, 'transformers_version');
  attributes.add('mlbom:model:producer', version && `transformers ${version}`, 'transformers_version');
  attributes.add('mlbom:model:remote-code', remoteCodeOf(config), 'auto_map');
  return attributes.list;
}

/** The Python modules that `auto_map` would have imported, sorted. */
export function remoteCodeOf(config: JsonObject): string | undefined {
  const map = valueAt(config, 'auto_map');
  if (!isObject(map)) return undefined;
  const modules = Object.keys(map).flatMap((name) => textsAt(map, name));
  return [...new Set(modules)].sort().join(',');
}

function dtypeOf(config: JsonObject): string | undefined {
  const dtype =
    textAt(config, 'dtype') ?? textAt(config, 'torch_dtype') ?? textAt(config, 'text_config', 'dtype');
  return dtype === undefined || dtype === 'auto' ? undefined : dtypeName(dtype);
}

function quantizationOf(config: JsonObject): string | undefined {
  const quantization = valueAt(config, 'quantization_config') ?? valueAt(config, 'quantization');
  if (!isObject(quantization)) return undefined;
  const method = textAt(quantization, 'quant_method') ?? textAt(quantization, 'quant_type') ?? 'unnamed';
  const bits = numberAt(quantization, 'bits') ?? numberAt(quantization, 'w_bit');
  return bits === undefined ? method : `${method} ${bits}-bit`;
}
