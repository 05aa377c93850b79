import type { Collected, FileCollector } from '../../core/collector.ts';
import { isHexOf, type Digest, type DigestAlgorithm } from '../../core/digest.ts';
import type { Entry } from '../../core/entry.ts';
import type { ListedFile } from '../../core/file-list.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { isCount, numberAt, textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { nameOf, siblingOf } from '../../core/path.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { leavesDirectory } from '../../formats/leaves-directory.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { addDeclaredColumns } from '../dataset-columns.ts';
import { datasetKey, describedDataset, placedDataset } from '../dataset-place.ts';
import { readJsonFile } from '../json-file.ts';

/** `index.json` of a dataset in shards of MosaicML Streaming (MDS, and its JSON and XSV kinds). */
export const mds: FileCollector = {
  id: 'mds',
  version: 1,
  wants(entry, head) {
    if (nameOf(entry.path) !== 'index.json' || head.length === 0) return false;
    return /"shards"[^]*"(?:column_encodings|raw_data|column_names)"/.test(
      Buffer.from(head).toString('latin1'),
    );
  },
  async collect(entry): Promise<Collected> {
    const list = valueAt(await readJsonFile(entry, limits.datasetDescriptionBytes), 'shards');
    const shards = Array.isArray(list) ? list.filter(isObject) : [];
    const attributes = attributesFrom(entry.path, 'mds');
    addShards(shards, attributes);
    const directory = describedDataset(entry);
    const { files, problems } = filesOf(shards, entry);
    const lists =
      files.length > 0 && entry.container === undefined
        ? [{ component: datasetKey(directory), path: entry.path, files, owns: [], describes: true }]
        : [];
    return { facts: [placedDataset(directory, attributes)], problems, findings: [], lists };
  },
};

function addShards(shards: readonly JsonObject[], attributes: AttributeList): void {
  const [first] = shards;
  const format = textAt(first, 'format');
  attributes.add('mlbom:dataset:format', format, 'shards');
  const rows = shards.reduce((sum, shard) => sum + (numberAt(shard, 'samples') ?? Number.NaN), 0);
  if (isCount(rows)) attributes.add('mlbom:dataset:rows', String(rows), 'shards');
  attributes.add('mlbom:dataset:statistic', `shards=${shards.length}`, 'shards');
  const compression = textAt(first, 'compression');
  if (compression !== undefined)
    attributes.add('mlbom:dataset:statistic', `compression=${compression}`, 'shards');
  const encodings = textsAt(first, 'column_encodings');
  const names = textsAt(first, 'column_names').slice(0, limits.datasetColumns);
  addDeclaredColumns(
    attributes,
    names.map((name, index) => [name, encodings[index] ?? 'text']),
    'shards',
  );
}

/** What the index says of each shard: its size, and a digest where it was asked for one. */
function filesOf(
  shards: readonly JsonObject[],
  { path }: Entry,
): { files: ListedFile[]; problems: Problem[] } {
  if (shards.length > limits.datasetListEntries) {
    const reason = `the files of ${shards.length} shards are not held against the index`;
    return { files: [], problems: [incomplete('limit', path, reason)] };
  }
  const files = shards.flatMap((shard): ListedFile[] => {
    // Where shards are compressed, that is what lies there.
    const data = isObject(shard['zip_data']) ? shard['zip_data'] : shard['raw_data'];
    const name = textAt(data, 'basename');
    if (name === undefined || leavesDirectory(name)) return [];
    const size = numberAt(data, 'bytes');
    const digest = digestOf(valueAt(data, 'hashes'));
    return [
      {
        path: siblingOf(path, name),
        ...(isCount(size) ? { size } : {}),
        ...(digest ? { digest } : {}),
      },
    ];
  });
  return { files, problems: [] };
}

const algorithms: readonly DigestAlgorithm[] = ['sha256', 'sha512', 'sha384', 'sha1', 'md5'];

function digestOf(hashes: unknown): Digest | undefined {
  for (const algorithm of algorithms) {
    const hex = textAt(hashes, algorithm)?.toLowerCase();
    if (hex !== undefined && isHexOf(algorithm, hex)) return { algorithm, hex };
  }
  return undefined;
}
