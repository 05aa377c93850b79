import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Attribute } from '../../core/fact.ts';
import { parseJsonObject, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { readAll } from '../../formats/read-all.ts';
import { chatTemplateFile } from './chat-template.ts';
import { configAttributes } from './config.ts';
import { generationAttributes } from './generation.ts';
import { tokenizerAttributes, tokenizerConfigAttributes } from './tokenizer.ts';

type Reader = (document: JsonObject, path: string) => readonly Attribute[];

const readers: Record<string, Reader> = {
  'chat_template.json': tokenizerConfigAttributes,
  'config.json': configAttributes,
  'generation_config.json': generationAttributes,
  'tokenizer.json': tokenizerAttributes,
  'tokenizer_config.json': tokenizerConfigAttributes,
};

/** The JSON files that the `transformers` library keeps beside weights, and the chat template. */
export const transformers: FileCollector = {
  id: 'transformers',
  version: 1,
  wants: (entry) => Object.hasOwn(readers, nameOf(entry.path)) || isChatTemplate(entry),
  async collect(entry): Promise<Collected> {
    const bytes = await readAll(entry, limits.repositoryFileBytes, entry.path);
    const reader = readers[nameOf(entry.path)];
    const attributes = reader
      ? reader(parseJsonObject(bytes, { subject: entry.path }), entry.path)
      : chatTemplateFile(bytes, entry.path);
    if (attributes.length === 0) return nothing;
    const about = { kind: 'directory', path: directoryOf(entry.path) } as const;
    return {
      facts: [{ about, type: 'machine-learning-model', attributes, relations: [] }],
      problems: [],
      findings: [],
    };
  },
};

function isChatTemplate(entry: Entry): boolean {
  return nameOf(entry.path) === 'chat_template.jinja';
}
