import type { DataGovernance, Relation } from '../../core/fact.ts';
import { hubDatasetTarget } from '../../core/hub.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import type { AttributeList } from '../attributes.ts';
import { cardLicense } from '../card-license.ts';
import { addDatasetInfos } from './dataset-info.ts';

/** Keys whose values the Hub shows as tags, `language:en`. */
const tagged = [
  'annotations_creators',
  'language_creators',
  'language',
  'multilinguality',
  'size_categories',
  'task_categories',
  'task_ids',
];

/** What the front matter of a dataset's card says (hub-docs, datasetcard.md). */
export function addCard(card: JsonObject, attributes: AttributeList): Relation[] {
  attributes.add('name', textAt(card, 'pretty_name'), 'pretty_name');
  attributes.add('license', cardLicense(card), 'license');
  attributes.add('tags', textsAt(card, 'tags'), 'tags');
  for (const key of tagged) {
    attributes.add(
      'tags',
      textsAt(card, key).map((value) => `${key}:${value}`),
      key,
    );
  }
  const info = valueAt(card, 'dataset_info');
  const infos = Array.isArray(info) ? info.filter(isObject) : isObject(info) ? [info] : [];
  addDatasetInfos(infos, attributes, 'dataset_info');
  attributes.add('governance', governanceOf(card), 'front matter');
  const sources = textsAt(card, 'source_datasets');
  const words = sources.filter((source) => hubIdOf(source) === undefined);
  if (words.length > 0) attributes.add('provenance', words.join(', '), 'source_datasets');
  return sources.flatMap((source): Relation[] => {
    const id = hubIdOf(source);
    if (id === undefined) return [];
    return [{ type: 'dataset', to: hubDatasetTarget(id), evidence: attributes.evidence('source_datasets') }];
  });
}

/** `org/name`, `extended|org/name`; `original` and `extended|other-…` name nothing. */
function hubIdOf(source: string): string | undefined {
  const id = source.replace(/^extended\|/, '');
  return id.includes('/') ? id : undefined;
}

/** Not the Hub's own keys, but what an organisation's cards carry. */
function governanceOf(card: JsonObject): DataGovernance | undefined {
  const classification = textAt(card, 'classification') ?? textAt(card, 'data_classification');
  const sensitiveData = [...textsAt(card, 'sensitive_data'), ...textsAt(card, 'sensitiveData')];
  const owners = [...textsAt(card, 'owner'), ...textsAt(card, 'owners')].map((name) => ({ name }));
  const stewards = [...textsAt(card, 'maintainer'), ...textsAt(card, 'maintainers')].map((name) => ({
    name,
  }));
  const said = {
    ...(classification === undefined ? {} : { classification }),
    ...(sensitiveData.length > 0 ? { sensitiveData } : {}),
    ...(owners.length > 0 ? { owners } : {}),
    ...(stewards.length > 0 ? { stewards } : {}),
  };
  return Object.keys(said).length > 0 ? said : undefined;
}
