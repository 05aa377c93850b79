import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';

export interface NamedTemplate {
  readonly name: string;
  readonly text: string;
  /** Where it stands in the document. */
  readonly pointer: string;
}

/** `chat_template`: one text, or several by name: `[{ name: "default", template: "…" }, { name: "tool_use", … }]`. */
export function templatesOf(document: JsonObject): NamedTemplate[] {
  const template = valueAt(document, 'chat_template');
  if (typeof template === 'string') return [{ name: 'default', text: template, pointer: '/chat_template' }];
  if (!Array.isArray(template)) return [];
  return template.flatMap((item, index): NamedTemplate[] => {
    const text = isObject(item) ? textAt(item, 'template') : undefined;
    if (text === undefined) return [];
    const name = textAt(item, 'name') ?? 'default';
    return [{ name, text, pointer: `/chat_template/${index}/template` }];
  });
}
