import type { Collected, FileCollector } from '../../core/collector.ts';
import { isObject, parseJson } from '../../core/json.ts';
import { numberAt, textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { configuredCode, configuredCodeRules } from '../configured-code.ts';
import { describedDirectory } from '../described-directory.ts';

const names = new Set(['config_sentence_transformers.json', 'modules.json', 'sentence_bert_config.json']);

/** What sentence-transformers keeps beside an embedding model: its versions, and the modules in their order. */
export const sentenceTransformers: FileCollector = {
  id: 'sentence-transformers',
  version: 1,
  rules: configuredCodeRules,
  wants: (entry) => names.has(nameOf(entry.path)),
  async collect(entry): Promise<Collected> {
    const bytes = await readAll(entry, limits.repositoryFileBytes, entry.path);
    const document = parseJson(bytes, { subject: entry.path });
    const attributes = attributesFrom(entry.path, 'sentence-transformers');
    if (Array.isArray(document)) addModules(document, attributes);
    else if (isObject(document)) addConfig(document, attributes);
    const findings = configuredCode(document, entry.path);
    return { ...describedDirectory(entry, attributes), findings };
  },
};

function addModules(modules: readonly unknown[], attributes: AttributeList): void {
  const types = modules.flatMap((module) => textAt(module, 'type') ?? []);
  if (types.length === 0) return;
  attributes.add('mlbom:model:library', 'sentence-transformers', 'type');
  for (const type of types.slice(0, 64)) attributes.add('mlbom:model:classes', type, 'type');
}

function addConfig(config: unknown, attributes: AttributeList): void {
  const version = textAt(config, '__version__', 'sentence_transformers');
  if (version !== undefined) {
    attributes.add('mlbom:model:library', 'sentence-transformers', '__version__');
    attributes.add('mlbom:model:producer', `sentence-transformers ${version}`, '__version__');
  }
  const similarity = textAt(config, 'similarity_fn_name');
  attributes.add(
    'mlbom:model:header',
    similarity && `similarity_fn_name=${similarity}`,
    'similarity_fn_name',
  );
  const length = numberAt(config, 'max_seq_length');
  // Where the library cuts its input, which is often before the model's own limit.
  attributes.add(
    'mlbom:model:header',
    length === undefined ? undefined : `max_seq_length=${length}`,
    'max_seq_length',
  );
  const prompts = valueAt(config, 'prompts');
  if (isObject(prompts)) {
    attributes.add(
      'mlbom:model:header',
      `prompts=${Object.keys(prompts).slice(0, 32).join(', ')}`,
      'prompts',
    );
  }
}
