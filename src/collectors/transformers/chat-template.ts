import { sha256 } from '../../core/digest.ts';
import type { Attribute } from '../../core/fact.ts';
import { decodeUtf8 } from '../../core/json.ts';
import { attributesFrom } from '../attributes.ts';

/** `chat_template.jinja`: the template in a file of its own. The digest is of the text, as everywhere. */
export function chatTemplateFile(bytes: Uint8Array, path: string): readonly Attribute[] {
  const attributes = attributesFrom(path, 'transformers', 'observed');
  attributes.add('mlbom:model:chat-template-sha256', sha256(decodeUtf8(bytes, path)));
  return attributes.list;
}
