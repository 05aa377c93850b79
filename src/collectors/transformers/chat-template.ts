import { sha256 } from '../../core/digest.ts';
import type { Attribute } from '../../core/fact.ts';
import { attributesFrom } from '../attributes.ts';

/** A template in a file of its own. The digest is of the text, as everywhere. */
export function chatTemplateFile(text: string, path: string, name: string): readonly Attribute[] {
  const attributes = attributesFrom(path, 'transformers', 'observed');
  attributes.add('mlbom:model:chat-template-sha256', name === '' ? sha256(text) : `${name}=${sha256(text)}`);
  return attributes.list;
}
