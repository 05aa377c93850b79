import type { GgufMetadata } from './metadata.ts';

const template = 'tokenizer.chat_template';

/** The chat templates by their keys; the default one has no name: `tokenizer.chat_template`, `….tool_use`. */
export function templatesIn(metadata: GgufMetadata): [key: string, text: string, name: string][] {
  return [...metadata.keys()].flatMap((key): [string, string, string][] => {
    if (key !== template && !key.startsWith(`${template}.`)) return [];
    const text = metadata.text(key);
    return text === undefined ? [] : [[key, text, key.slice(template.length + 1)]];
  });
}
