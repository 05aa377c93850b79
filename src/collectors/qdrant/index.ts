import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { isCount, textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { describedPlace, placedVectors } from '../dataset-place.ts';
import { readJsonFile } from '../json-file.ts';

/** What tells a collection's configuration from the many other files of that name; and a local client's. */
const marks: Readonly<Record<string, RegExp>> = {
  'config.json': /"vectors"[^]*"(?:hnsw_config|optimizer_config|wal_config)"|"hnsw_config"[^]*"vectors"/,
  'meta.json': /^\s*\{\s*"collections"\s*:[^]*"(?:vectors|aliases)"/,
};

/** Collections of Qdrant, in the storage of a server, in a snapshot, or in that of the client's local mode. */
export const qdrant: FileCollector = {
  id: 'qdrant',
  version: 1,
  wants(entry, head) {
    const name = nameOf(entry.path);
    if (head.length === 0 || !Object.hasOwn(marks, name)) return false;
    return marks[name]?.test(Buffer.from(head).toString('latin1')) ?? false;
  },
  async collect(entry): Promise<Collected> {
    const json = await readJsonFile(entry, limits.datasetDescriptionBytes);
    const attributes = attributesFrom(entry.path, 'qdrant');
    const place = describedPlace(entry);
    attributes.add('name', nameOf(place));
    attributes.add('mlbom:vector:engine', 'qdrant');
    if (nameOf(entry.path) === 'config.json') {
      if (!isObject(valueAt(json, 'params'))) return nothing;
      addVectors(valueAt(json, 'params', 'vectors'), attributes);
      if (isObject(valueAt(json, 'quantization_config')))
        attributes.add('mlbom:dataset:statistic', 'quantized=yes', 'quantization_config');
    } else addCollections(json, attributes);
    return { facts: [placedVectors(place, attributes)], problems: [], findings: [] };
  },
};

function addCollections(json: JsonObject, attributes: AttributeList): void {
  const collections = valueAt(json, 'collections');
  const list = isObject(collections) ? Object.entries(collections).slice(0, limits.datasetListEntries) : [];
  const [only, ...others] = list;
  if (only && others.length === 0) addVectors(valueAt(only[1], 'vectors'), attributes);
  for (const [name, collection] of list) {
    const described = describe(valueAt(collection, 'vectors'));
    attributes.add('mlbom:dataset:statistic', `collection ${name}=${described}`, 'collections');
  }
}

/** One kind of vectors, `{size, distance}`, or several by name. */
function addVectors(vectors: unknown, attributes: AttributeList): void {
  const kinds = kindsOf(vectors);
  const [only, ...others] = kinds;
  if (!only) return;
  if (others.length === 0) {
    attributes.add('mlbom:vector:dimension', String(only.size), 'vectors');
    attributes.add('mlbom:vector:metric', only.distance?.toLowerCase(), 'vectors');
    return;
  }
  for (const { name, size, distance } of kinds)
    attributes.add('mlbom:dataset:statistic', `vectors ${name}=${size} ${distance ?? ''}`.trim(), 'vectors');
}

function describe(vectors: unknown): string {
  const kinds = kindsOf(vectors).map(({ size, distance }) => `${size} ${distance ?? ''}`.trim());
  return kinds.join(', ') || 'no dense vectors';
}

function kindsOf(vectors: unknown): { name: string; size: number; distance: string | undefined }[] {
  if (!isObject(vectors)) return [];
  const named = isCount(vectors['size']) ? [['', vectors] as const] : Object.entries(vectors);
  return named.slice(0, limits.datasetListEntries).flatMap(([name, kind]) => {
    const size = valueAt(kind, 'size');
    return isCount(size) ? [{ name, size, distance: textAt(kind, 'distance') }] : [];
  });
}
