import type { Attribute } from '../../core/fact.ts';
import type { JsonObject } from '../../core/json.ts';
import { valueAt } from '../../core/json-access.ts';
import { attributesFrom } from '../attributes.ts';

/** The defaults that change what a deployed model says; token ids and bookkeeping are left out. */
const settings = [
  'do_sample',
  'temperature',
  'top_k',
  'top_p',
  'min_p',
  'typical_p',
  'num_beams',
  'repetition_penalty',
  'no_repeat_ngram_size',
  'max_length',
  'max_new_tokens',
];

/** What `generation_config.json` states. */
export function generationAttributes(config: JsonObject, path: string): readonly Attribute[] {
  const attributes = attributesFrom(path, 'transformers');
  for (const name of settings) {
    const value = valueAt(config, name);
    if (typeof value !== 'number' && typeof value !== 'boolean') continue;
    attributes.add('mlbom:model:generation', `${name}=${value}`, name);
  }
  return attributes.list;
}
