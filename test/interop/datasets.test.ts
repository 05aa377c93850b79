import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { arrow } from '../../src/collectors/arrow/index.ts';
import { avro } from '../../src/collectors/avro/index.ts';
import { orc } from '../../src/collectors/orc/index.ts';
import { parquet } from '../../src/collectors/parquet/index.ts';
import type { FileCollector } from '../../src/core/collector.ts';
import { readFaiss } from '../../src/formats/faiss.ts';
import { factOf, valuesOf } from '../collectors/collected.ts';
import { sourceOf } from './generated.ts';
import { describeWith, python, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Written {
  readonly tables: Readonly<Record<string, { rows: number; columns: [string, string][] }>>;
  readonly indexes: Readonly<
    Record<string, { kind: string; dimension: number; count: number; metric: string }>
  >;
}

const collectors: Readonly<Record<string, FileCollector>> = { parquet, arrow, feather: arrow, orc, avro };
const tables = [
  ...['groups', 'old', 'plain', 'zstd'].map((name) => `${name}.parquet`),
  'file.arrow',
  'stream.arrow',
  'first.feather',
  'second.feather',
  'uncompressed.orc',
  'zlib.orc',
  'null.avro',
  'deflate.avro',
];
const indexes = ['flat', 'ivf', 'ivfpq', 'hnsw', 'ids', 'ids-hnsw', 'scalar'].flatMap((name) => [
  `${name}-0.faiss`,
  `${name}-1.faiss`,
]);

describeWith('pyarrow, fastavro and faiss', python('pyarrow', 'fastavro', 'faiss'), (peer) => {
  const directory = temporaryDirectory();
  let written: Written;
  beforeAll(async () => {
    written = await readWith<Written>(peer, 'write_datasets', directory);
  });

  test.each(tables)('has the rows and columns that are read from %s', async (name) => {
    const collector = collectors[name.slice(name.lastIndexOf('.') + 1)];
    if (!collector) throw new Error(name);
    const source = sourceOf(join(directory, name));
    const bytes = await source.read({ offset: 0, length: source.size });
    const values = valuesOf(await factOf(collector, name, bytes));
    expect(Number(values['mlbom:dataset:rows'])).toBe(written.tables[name]?.rows);
    expect(JSON.parse(String(values['mlbom:dataset:schema']))).toEqual(written.tables[name]?.columns);
  });

  test.each(indexes)('has the index that is read from %s', async (name) => {
    const { kinds, dimension, count, metric } = await readFaiss(sourceOf(join(directory, name)));
    expect({ kind: kinds[0], dimension, count, metric }).toEqual(written.indexes[name]);
  });
});
