import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { dtypeName } from '../../core/dtype.ts';
import type { Entry } from '../../core/entry.ts';
import { baseRelations, type BaseRelation, type Metric, type Relation } from '../../core/fact.ts';
import { hubDatasetTarget, hubModelTarget } from '../../core/hub.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { parameterCount } from '../../core/parameter-count.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { contradiction } from '../../core/problem.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { isDatasetCard, looksLikeDatasetCard } from '../dataset-card.ts';
import { readFrontMatter } from '../front-matter.ts';
import { cardLicense } from '../card-license.ts';

/** The card of a Hub repository: YAML front matter of `README.md` (hub-docs, model-cards.md). */
export const modelCard: FileCollector = {
  id: 'model-card',
  version: 1,
  wants: (entry, head) => nameOf(entry.path) === 'README.md' && !looksLikeDatasetCard(head),
  async collect(entry): Promise<Collected> {
    const card = await readFrontMatter(entry);
    if (card === undefined) return nothing;
    if (!isObject(card)) {
      const problem = contradiction(
        'malformed',
        entry.path,
        'the front matter is not a mapping of names to values',
      );
      return { facts: [], problems: [problem], findings: [] };
    }
    if (isDatasetCard(card)) return nothing;
    return { facts: [factOf(card, entry)], problems: [], findings: [] };
  },
};

function factOf(card: JsonObject, entry: Entry): Collected['facts'][number] {
  const attributes = attributesFrom(entry.path, 'model-card');
  attributes.add('name', textAt(card, 'model_name'), 'model_name');
  attributes.add('license', cardLicense(card), 'license');
  attributes.add('task', textAt(card, 'pipeline_tag'), 'pipeline_tag');
  attributes.add('tags', textsAt(card, 'tags'), 'tags');
  attributes.add('mlbom:model:languages', textsAt(card, 'language').join(','), 'language');
  attributes.add('mlbom:model:library', textAt(card, 'library_name'), 'library_name');
  attributes.add('metrics', metricsOf(card), 'model-index');
  for (const name of ['parameters', 'num_parameters', 'parameter_count']) {
    attributes.add('mlbom:model:parameters', parameterCount(valueAt(card, name)), name);
  }
  attributes.add('mlbom:model:dtype', dtypeOf(card), 'dtype');
  attributes.add('architectureFamily', textAt(card, 'model_type'), 'model_type');
  return {
    about: { kind: 'directory', path: directoryOf(entry.path) },
    type: 'machine-learning-model',
    attributes: attributes.list,
    relations: relationsOf(card, attributes),
  };
}

function dtypeOf(card: JsonObject): string | undefined {
  const dtype = textAt(card, 'dtype') ?? textAt(card, 'torch_dtype');
  return dtype === undefined ? undefined : dtypeName(dtype);
}

function relationsOf(card: JsonObject, attributes: AttributeList): Relation[] {
  const declared = textAt(card, 'base_model_relation');
  const bases = textsAt(card, 'base_model');
  // Several bases and no relation: the Hub shows such a model as a merge (hub-docs, model-cards.md).
  const how = isBaseRelation(declared) ? declared : bases.length > 1 ? 'merge' : 'unspecified';
  return [
    ...bases.map((base): Relation => {
      return {
        type: 'base-model',
        how,
        to: hubModelTarget(base),
        evidence: attributes.evidence('base_model'),
      };
    }),
    ...textsAt(card, 'datasets').map((dataset): Relation => {
      return { type: 'dataset', to: hubDatasetTarget(dataset), evidence: attributes.evidence('datasets') };
    }),
  ];
}

function isBaseRelation(text: string | undefined): text is BaseRelation {
  return baseRelations.some((relation) => relation === text);
}

/** `model-index[].results[].metrics[]`, each on its dataset. */
function metricsOf(card: JsonObject): Metric[] {
  return objectsAt(card, 'model-index')
    .flatMap((model) => objectsAt(model, 'results'))
    .flatMap((result) => {
      const slice = textAt(result, 'dataset', 'name') ?? textAt(result, 'dataset', 'type');
      return objectsAt(result, 'metrics').flatMap((metric): Metric[] => {
        const type = textAt(metric, 'type') ?? textAt(metric, 'name');
        const value = valueAt(metric, 'value');
        if (type === undefined || (typeof value !== 'number' && typeof value !== 'string')) return [];
        return [{ type, value: String(value), ...(slice === undefined ? {} : { slice }) }];
      });
    });
}

function objectsAt(value: unknown, name: string): JsonObject[] {
  const list = valueAt(value, name);
  return Array.isArray(list) ? list.filter(isObject) : [];
}
