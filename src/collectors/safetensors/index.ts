import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { About, Fact, Part } from '../../core/fact.ts';
import { modelTarget } from '../../core/hub.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { readSafetensors } from '../../formats/safetensors.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { refused } from '../refused.ts';
import { unreadWeights } from '../unread-weights.ts';
import { weightMapIndex } from '../weight-map-index.ts';
import { isSafetensors } from '../../formats/is-safetensors.ts';
import { safetensorsRefusals, safetensorsRules } from './rules.ts';

const extension = '.safetensors';
const indexEnd = '.safetensors.index.json';
const shard = /^(?<stem>.*)-(?<number>\d{5})-of-(?<count>\d{5})\.safetensors$/;

/** safetensors files, and the indexes that say which tensor lies in which shard. */
export const safetensors: FileCollector = {
  id: 'safetensors',
  version: 2,
  rules: safetensorsRules,
  // The number before the header, and what its window reads ahead.
  readsFirst: limits.safetensorsHeaderBytes + 1024 * 1024,
  wants: (entry, head) =>
    entry.path.endsWith(extension) || entry.path.endsWith(indexEnd) || isSafetensors(head, entry),
  unread: (entry) => ({
    ...unreadWeights(entry, 'safetensors', entry.path.endsWith(indexEnd) ? indexEnd : extension),
    about: aboutUnread(entry.path),
  }),
  async collect(entry): Promise<Collected> {
    try {
      const fact = entry.path.endsWith(indexEnd)
        ? await weightMapIndex(entry, safetensors.id)
        : await factOfHeader(entry);
      return { facts: [fact], problems: [], findings: [] };
    } catch (error) {
      return refused(error, entry, safetensors, safetensorsRefusals);
    }
  },
};

async function factOfHeader(entry: Entry): Promise<Fact> {
  const header = await readSafetensors(entry);
  const attributes = attributesFrom(entry.path, 'safetensors', 'observed');
  attributes.add('mlbom:model:format', 'safetensors');
  attributes.add('mimeType', 'application/vnd.safetensors');
  const declared = attributesFrom(entry.path, 'safetensors');
  const relations = metadataFacts(header.metadata, declared);
  // The framework whose tensors were saved; a card that names the library for the model knows better.
  const derived = attributesFrom(entry.path, 'safetensors', 'derived');
  derived.add('mlbom:model:library', frameworks.get(header.metadata.get('format') ?? ''), 'format');
  return {
    about: aboutWeights(entry.path),
    type: 'machine-learning-model',
    attributes: [...attributes.list, ...declared.list, ...derived.list],
    relations,
    tensors: { tensors: header.tensors },
  };
}

/** An index that could not be read is no weights. */
function aboutUnread(path: string): About {
  return path.endsWith(indexEnd) ? { kind: 'file', path } : aboutWeights(path);
}

function aboutWeights(path: string): About {
  const groups = shard.exec(path)?.groups;
  if (!groups) return { kind: 'weights', path };
  const part: Part = {
    set: `${groups['stem']}.safetensors/${groups['count']}`,
    number: Number(groups['number']),
    count: Number(groups['count']),
  };
  return { kind: 'weights', path, part };
}

/** `__metadata__`: Stability's ModelSpec (`modelspec.*`), kohya's training record (`ss_*`), the writer's `format`. */
function metadataFacts(metadata: ReadonlyMap<string, string>, attributes: AttributeList): Fact['relations'] {
  attributes.add('name', metadata.get('modelspec.title'), 'modelspec.title');
  const author = metadata.get('modelspec.author');
  attributes.add('authors', author?.trim() ? [{ name: author }] : undefined, 'modelspec.author');
  const licenseKey = ['modelspec.license', 'license'].find((key) => metadata.get(key)?.trim());
  const license = licenseKey === undefined ? undefined : metadata.get(licenseKey);
  attributes.add('license', license === undefined ? undefined : { license }, licenseKey);
  attributes.add('description', metadata.get('modelspec.description'), 'modelspec.description');
  attributes.add('modelArchitecture', metadata.get('modelspec.architecture'), 'modelspec.architecture');

  for (const [key, value] of metadata) {
    if (provenance.test(key))
      attributes.add('mlbom:model:provenance', `${key}=${shortened(value, limits.provenanceText)}`, key);
  }
  const base = metadata.get('ss_sd_model_name')?.trim();
  if (!base) return [];
  const evidence = attributes.evidence('ss_sd_model_name');
  const how = metadata.has('ss_network_module') ? 'adapter' : 'unspecified';
  return [{ type: 'base-model', how, to: modelTarget(base), evidence }];
}

/** What is worth keeping of the metadata; captions and bucket tables of trainers are megabytes and are not. */
const provenance =
  /^(?:modelspec\.(?!title|author|license|description|architecture|thumbnail).*|sshs_.*|ss_(?:sd_model_hash|network_module|base_model_version|output_name|training_started_at|training_finished_at|num_epochs|learning_rate|network_dim|network_alpha|sd_scripts_commit_hash)|(?:total|model)_.*|quantization.*)$/;

const frameworks: ReadonlyMap<string, string> = new Map([
  ['pt', 'pytorch'],
  ['tf', 'tensorflow'],
  ['flax', 'flax'],
  ['np', 'numpy'],
  ['mlx', 'mlx'],
]);
