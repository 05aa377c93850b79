import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Attribute } from '../../core/fact.ts';
import { decodeUtf8, parseJsonObject, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { readAll } from '../../formats/read-all.ts';
import { configuredCode, configuredCodeRules } from '../configured-code.ts';
import { templateFindings } from '../template-findings.ts';
import { templateRules } from '../template-rules.ts';
import { chatTemplateFile } from './chat-template.ts';
import { configAttributes } from './config.ts';
import { generationAttributes } from './generation.ts';
import { templatesOf } from './templates-of.ts';
import { tokenizerAttributes, tokenizerConfigAttributes } from './tokenizer.ts';

type Reader = (document: JsonObject, path: string) => readonly Attribute[];

const readers: Record<string, Reader> = {
  'chat_template.json': tokenizerConfigAttributes,
  'config.json': configAttributes,
  'generation_config.json': generationAttributes,
  'processor_config.json': tokenizerConfigAttributes,
  'tokenizer.json': tokenizerAttributes,
  'tokenizer_config.json': tokenizerConfigAttributes,
};

/** The JSON files that the `transformers` library keeps beside weights, and the chat templates. */
export const transformers: FileCollector = {
  id: 'transformers',
  version: 2,
  rules: [...configuredCodeRules, ...templateRules],
  wants: (entry) => Object.hasOwn(readers, nameOf(entry.path)) || templateName(entry) !== undefined,
  async collect(entry): Promise<Collected> {
    const { path } = entry;
    const bytes = await readAll(entry, limits.repositoryFileBytes, path);
    const reader = readers[nameOf(path)];
    const name = templateName(entry);
    if (reader === undefined && name !== undefined) {
      const text = decodeUtf8(bytes, path);
      return about(entry, chatTemplateFile(text, path, name), templateFindings(text, path));
    }
    const document = parseJsonObject(bytes, { subject: path });
    const templates = templatesOf(document).flatMap(({ text, pointer }) =>
      templateFindings(text, path, { symbol: pointer }),
    );
    return about(entry, reader?.(document, path) ?? [], [...configuredCode(document, path), ...templates]);
  },
};

function about(entry: Entry, attributes: readonly Attribute[], findings: Collected['findings']): Collected {
  if (attributes.length === 0) return { ...nothing, findings };
  const directory = directoryOf(entry.path);
  // Other templates than the default one lie in a directory of their own.
  const path = directory.endsWith(others) ? directoryOf(directory) : directory;
  const fact = {
    about: { kind: 'directory', path },
    type: 'machine-learning-model',
    attributes,
    relations: [],
  } as const;
  return { facts: [fact], problems: [], findings };
}

const others = 'additional_chat_templates';

/** The name of the template in a file of its own; `''` for the default one, undefined for any other file. */
function templateName({ path }: Entry): string | undefined {
  if (nameOf(path) === 'chat_template.jinja') return '';
  return /(?:^|\/)additional_chat_templates\/([^/]+)\.jinja$/.exec(path)?.[1];
}
