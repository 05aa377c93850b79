import { canonicalJson } from '../../core/canonical-json.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { isCount, textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { webUrl } from '../../core/web-url.ts';
import type { AttributeList } from '../attributes.ts';
import { addColumns } from '../dataset-columns.ts';
import { licenseClaim } from '../license-claim.ts';
import { featureColumns, featureCount } from './features.ts';

interface Split {
  readonly name: string;
  readonly rows?: number;
  readonly bytes?: number;
}

/** What one or several configurations of a dataset say of it: `dataset_info` of a card, `dataset_infos.json`. */
export function addDatasetInfos(infos: readonly JsonObject[], attributes: AttributeList, at: string): void {
  const [first, ...others] = infos;
  if (!first) return;
  for (const info of infos) addSplits(info, infos.length > 1, attributes, at);
  for (const [name, value] of totals(infos)) {
    attributes.add('mlbom:dataset:statistic', `${name}=${value}`, at);
  }
  // Configurations may be parts or versions of each other: their rows do not add up.
  if (others.length > 0) {
    attributes.add('mlbom:dataset:statistic', `configurations=${infos.length}`, at);
    return;
  }
  const splits = splitsOf(first);
  const rows = splits.reduce((sum, split) => sum + (split.rows ?? Number.NaN), 0);
  if (splits.length > 0 && isCount(rows)) attributes.add('mlbom:dataset:rows', String(rows), at);
  const features = valueAt(first, 'features');
  const columns = featureColumns(features);
  if (columns) addColumns(attributes, columns, at);
  else if (featureCount(features) > 0)
    attributes.add('mlbom:dataset:columns', String(featureCount(features)), at);
}

/** The words of `dataset_info.json`; a card has its own. */
export function addDescription(info: JsonObject, attributes: AttributeList): void {
  attributes.add('name', textAt(info, 'dataset_name') ?? textAt(info, 'builder_name'), 'dataset_name');
  attributes.add('description', textAt(info, 'description'), 'description');
  const license = textAt(info, 'license');
  if (license !== undefined && license.length < limits.provenanceText)
    attributes.add('license', licenseClaim(license, undefined), 'license');
  const homepage = webUrl(textAt(info, 'homepage') ?? '');
  if (homepage !== undefined) attributes.add('references', [{ type: 'website', url: homepage }], 'homepage');
  attributes.add('version', textAt(info, 'version', 'version_str') ?? textAt(info, 'version'), 'version');
}

function addSplits(info: JsonObject, isOneOfMany: boolean, attributes: AttributeList, at: string): void {
  const config = textAt(info, 'config_name');
  for (const { name, ...numbers } of splitsOf(info)) {
    const full = isOneOfMany && config !== undefined ? `${config}/${name}` : name;
    attributes.add('mlbom:dataset:split', canonicalJson({ name: full.toWellFormed(), ...numbers }), at);
  }
}

/** A mapping by name in JSON, a list in YAML; TensorFlow Datasets counts by shard, in text. */
function splitsOf(info: JsonObject): Split[] {
  const splits = valueAt(info, 'splits');
  const list = isObject(splits)
    ? Object.entries(splits).map(([name, split]) => ({ name, split: split }))
    : Array.isArray(splits)
      ? splits.map((split) => ({ name: textAt(split, 'name'), split: split as unknown }))
      : [];
  return list.slice(0, limits.datasetListEntries).flatMap(({ name, split }): Split[] => {
    if (name === undefined) return [];
    const rows = countAt(split, 'num_examples') ?? sumAt(split, 'shardLengths');
    const bytes = countAt(split, 'num_bytes') ?? countAt(split, 'numBytes');
    return [{ name, ...(rows === undefined ? {} : { rows }), ...(bytes === undefined ? {} : { bytes }) }];
  });
}

function totals(infos: readonly JsonObject[]): [string, number][] {
  return ['download_size', 'dataset_size'].flatMap((name): [string, number][] => {
    const sum = infos.reduce((total, info) => total + (countAt(info, name) ?? Number.NaN), 0);
    return isCount(sum) ? [[name, sum]] : [];
  });
}

function sumAt(value: unknown, name: string): number | undefined {
  const list = valueAt(value, name);
  if (!Array.isArray(list)) return undefined;
  const sum = list.reduce<number>((total, item) => total + (countOf(item) ?? Number.NaN), 0);
  return isCount(sum) ? sum : undefined;
}

function countAt(value: unknown, name: string): number | undefined {
  return countOf(valueAt(value, name));
}

/** Protobuf's JSON writes 64-bit numbers as text. */
function countOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return isCount(number) ? number : undefined;
}
