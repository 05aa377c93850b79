import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { incomplete } from '../../core/problem.ts';
import { countDelimited, sampleDelimited, type Delimiter } from '../../formats/text-table/delimited.ts';
import { countLines, sampleJsonLines } from '../../formats/text-table/json-lines.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { addColumns, dataFiles } from '../dataset-columns.ts';
import { isPackaged } from '../is-packaged.ts';

/** Text has no magic: the name says what it is meant to be, and the content has to be it. */
const formats: Readonly<Record<string, 'csv' | 'tsv' | 'jsonl'>> = {
  csv: 'csv',
  tsv: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
};
const mimeTypes = { csv: 'text/csv', tsv: 'text/tab-separated-values', jsonl: 'application/jsonl' };
const delimiterNames: Readonly<Record<Delimiter, string>> = {
  ',': 'comma',
  '\t': 'tab',
  ';': 'semicolon',
  '|': 'bar',
};

/** CSV, TSV and JSON Lines by a sample of their beginning; rows are counted where the whole file is small. */
export const tabular: FileCollector = {
  id: 'tabular',
  version: 1,
  readsFirst: limits.tabularCountedBytes,
  wants: (entry, head) =>
    head.length > 0 &&
    formatOf(entry.path) !== undefined &&
    !isPackaged(entry.path) &&
    !isStatement(entry.path, head),
  async collect(entry): Promise<Collected> {
    const format = formatOf(entry.path) ?? 'csv';
    const bytes = await entry.head(Math.min(entry.size, limits.tabularSampleBytes));
    if (bytes.includes(0)) {
      const problem = incomplete('unsupported', entry.path, 'tabular: no text of one byte a letter');
      return { facts: [], problems: [problem], findings: [] };
    }
    const isWhole = bytes.length >= entry.size;
    const observed = attributesFrom(entry.path, 'tabular', 'observed');
    const known =
      format === 'jsonl'
        ? await addJsonLines(entry, textOf(bytes, isWhole), isWhole, observed)
        : await addDelimited(entry, textOf(bytes, isWhole), isWhole, format, observed);
    return known ? { facts: dataFiles(entry, observed), problems: [], findings: [] } : nothing;
  },
};

/** Attestations are lines of JSON too, and no data. */
function isStatement(path: string, head: Uint8Array): boolean {
  if (!path.endsWith('l')) return false;
  const start = Buffer.from(head.subarray(0, 512)).toString('latin1');
  return /^\s*\{\s*"(?:_type|payloadType|payload|predicateType|dsseEnvelope|mediaType)"/.test(start);
}

function formatOf(path: string): 'csv' | 'tsv' | 'jsonl' | undefined {
  const ending = /\.(csv|tsv|jsonl|ndjson)$/.exec(nameOf(path))?.[1];
  return ending === undefined ? undefined : formats[ending];
}

async function addJsonLines(
  entry: Entry,
  text: string,
  isWhole: boolean,
  observed: AttributeList,
): Promise<boolean> {
  const columns = sampleJsonLines(text, isWhole, entry.path);
  observed.add('mlbom:dataset:format', 'jsonl');
  observed.add('mimeType', mimeTypes.jsonl);
  addColumns(observed, columns ?? [], 'sample');
  if (entry.size <= limits.tabularCountedBytes) {
    const rows = countLines(isWhole ? text : await wholeText(entry));
    observed.add('mlbom:dataset:rows', String(rows), 'lines');
  }
  return true;
}

async function addDelimited(
  entry: Entry,
  text: string,
  isWhole: boolean,
  format: 'csv' | 'tsv',
  observed: AttributeList,
): Promise<boolean> {
  const sample = sampleDelimited(text, isWhole, format === 'tsv' ? ['\t'] : undefined);
  if (!sample) return false;
  const { delimiter, header, columns } = sample;
  observed.add('mlbom:dataset:format', format);
  observed.add('mimeType', mimeTypes[format]);
  addColumns(observed, columns, 'sample');
  observed.add('mlbom:file:header', `delimiter=${delimiterNames[delimiter]}`);
  observed.add('mlbom:file:header', `header=${header ? 'yes' : 'no'}`);
  if (entry.size <= limits.tabularCountedBytes) {
    const records = countDelimited(isWhole ? text : await wholeText(entry), delimiter);
    observed.add('mlbom:dataset:rows', String(records - (header ? 1 : 0)), 'records');
  }
  return true;
}

async function wholeText(entry: Entry): Promise<string> {
  return textOf(await entry.read({ offset: 0, length: entry.size }), true);
}

/** UTF-8, or every byte a letter, which finds the same lines and cells. A sample may end inside a letter. */
function textOf(bytes: Uint8Array, isWhole: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
