import { sha256 } from '../../core/digest.ts';
import type { Attribute } from '../../core/fact.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { attributesFrom } from '../attributes.ts';
import { remoteCodeOf } from './config.ts';
import { templatesOf } from './templates-of.ts';

/** What `tokenizer_config.json` states: the class, the chat templates, code it would load. */
export function tokenizerConfigAttributes(config: JsonObject, path: string): readonly Attribute[] {
  const attributes = attributesFrom(path, 'transformers');
  attributes.add('mlbom:model:tokenizer', textAt(config, 'tokenizer_class'), 'tokenizer_class');
  attributes.add('mlbom:model:remote-code', remoteCodeOf(config), 'auto_map');
  for (const { name, text } of templatesOf(config)) {
    const [digest, at] =
      name === 'default'
        ? [sha256(text), 'chat_template']
        : [`${name}=${sha256(text)}`, `chat_template/${name}`];
    attributes.add('mlbom:model:chat-template-sha256', digest, at);
  }
  return attributes.list;
}

/** What `tokenizer.json` (the `tokenizers` library's own file) states. */
export function tokenizerAttributes(tokenizer: JsonObject, path: string): readonly Attribute[] {
  const attributes = attributesFrom(path, 'transformers', 'observed');
  const vocabulary = valueAt(tokenizer, 'model', 'vocab');
  const tokens = Array.isArray(vocabulary)
    ? vocabulary.length
    : isObject(vocabulary)
      ? Object.keys(vocabulary).length
      : 0;
  attributes.add('mlbom:model:vocabulary-size', tokens > 0 ? String(tokens) : undefined, 'model.vocab');
  // The algorithm stands in for the class where no tokenizer_config.json names one.
  const stand = attributesFrom(path, 'transformers', 'derived');
  stand.add('mlbom:model:tokenizer', textAt(tokenizer, 'model', 'type'), 'model.type');
  return [...attributes.list, ...stand.list];
}
