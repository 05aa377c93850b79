import { isObject, type JsonObject } from '../../core/json.ts';
import { numberAt, textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../../formats/dataset-column.ts';

/** NumPy's names of what Arrow calls otherwise. */
const arrowNames: Readonly<Record<string, string>> = {
  float16: 'halffloat',
  float32: 'float',
  float64: 'double',
};
const media = 'struct<bytes: binary, path: string>';
/** Kinds of features, as Arrow stores them (datasets, features.py). */
const kinds: Readonly<Record<string, string>> = {
  ClassLabel: 'int64',
  Image: media,
  Audio: media,
  Video: media,
  Pdf: media,
  Nifti: media,
};

/**
 * The columns of `features`, as the JSON of `dataset_info.json` or the YAML of a card writes them.
 * Undefined unless the types of all of them are known.
 */
export function featureColumns(features: unknown): DatasetColumn[] | undefined {
  const fields = fieldsOf(features);
  const columns = fields?.map(([name, feature]) => [name, typeOf(feature, 0)] as const);
  if (!columns || columns.length > limits.datasetColumns) return undefined;
  const known = columns.filter((column): column is DatasetColumn => column[1] !== undefined);
  return known.length === columns.length ? known : undefined;
}

/** How many columns there are, whatever their types. */
export function featureCount(features: unknown): number {
  return fieldsOf(features)?.length ?? 0;
}

/** `{text: {…}}` in JSON, `[{name: text, …}]` in YAML. */
function fieldsOf(features: unknown): (readonly [string, unknown])[] | undefined {
  if (isObject(features)) return Object.entries(features);
  if (!Array.isArray(features)) return undefined;
  return features.flatMap((feature) => {
    const name = textAt(feature, 'name');
    return name === undefined ? [] : [[name, feature] as const];
  });
}

function typeOf(feature: unknown, depth: number): string | undefined {
  if (depth > limits.datasetTypeDepth) return undefined;
  if (Array.isArray(feature)) {
    // `[feature]` in JSON is a list of it; fields with names make a struct.
    const isStruct = textAt(feature[0], 'name') !== undefined;
    return isStruct ? structOf(feature, depth) : listOf(feature.length === 1 ? feature[0] : undefined, depth);
  }
  if (typeof feature === 'string') return primitive(feature);
  if (!isObject(feature)) return undefined;
  return textAt(feature, '_type') === undefined ? fromYaml(feature, depth) : fromJson(feature, depth);
}

function fromJson(feature: JsonObject, depth: number): string | undefined {
  const kind = textAt(feature, '_type') ?? '';
  if (kind === 'Value') return primitive(textAt(feature, 'dtype') ?? '');
  if (kind === 'Sequence' || kind === 'List' || kind === 'LargeList') {
    const length = numberAt(feature, 'length') ?? -1;
    return listOf(valueAt(feature, 'feature'), depth, length, kind === 'LargeList' ? 'large_list' : 'list');
  }
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

function fromYaml(feature: JsonObject, depth: number): string | undefined {
  const dtype = valueAt(feature, 'dtype');
  if (isObject(dtype)) return valueAt(dtype, 'class_label') === undefined ? undefined : 'int64';
  if (typeof dtype === 'string') {
    if (dtype === 'image' || dtype === 'audio' || dtype === 'video') return media;
    return primitive(dtype);
  }
  for (const name of ['sequence', 'list']) {
    const element = valueAt(feature, name);
    if (element !== undefined) return listOf(element, depth, numberAt(feature, 'length') ?? -1);
  }
  const fields = valueAt(feature, 'struct');
  return fields === undefined ? structOf(feature, depth) : structOf(fields, depth);
}

function listOf(element: unknown, depth: number, length = -1, name = 'list'): string | undefined {
  const type = typeOf(element, depth + 1);
  if (type === undefined) return undefined;
  return length >= 0 ? `fixed_size_list<${type}>[${length}]` : `${name}<${type}>`;
}

function structOf(fields: unknown, depth: number): string | undefined {
  const parts = fieldsOf(fields)?.map(([name, field]) => [name, typeOf(field, depth + 1)] as const);
  if (!parts || parts.length === 0 || parts.some(([, type]) => type === undefined)) return undefined;
  return `struct<${parts.map(([name, type]) => `${name}: ${type ?? ''}`).join(', ')}>`;
}

function primitive(dtype: string): string | undefined {
  if (!/^[a-z][a-z0-9_]*(?:[([][^<>]{0,60}[)\]])?$/.test(dtype)) return undefined;
  return Object.hasOwn(arrowNames, dtype) ? arrowNames[dtype] : dtype;
}
