import { describe, expect, it } from 'vitest';
import { arrow } from '../../src/collectors/arrow/index.ts';
import { chroma } from '../../src/collectors/chroma/index.ts';
import { croissant } from '../../src/collectors/croissant/index.ts';
import { faiss } from '../../src/collectors/faiss/index.ts';
import { huggingfaceDataset } from '../../src/collectors/huggingface-dataset/index.ts';
import { lancedb } from '../../src/collectors/lancedb/index.ts';
import { mds } from '../../src/collectors/mds/index.ts';
import { modelCard } from '../../src/collectors/model-card/index.ts';
import { orc } from '../../src/collectors/orc/index.ts';
import { parquet } from '../../src/collectors/parquet/index.ts';
import { qdrant } from '../../src/collectors/qdrant/index.ts';
import { tabular } from '../../src/collectors/tabular/index.ts';
import { tfrecord } from '../../src/collectors/tfrecord/index.ts';
import { webdataset } from '../../src/collectors/webdataset/index.ts';
import type { Collected, FileCollector } from '../../src/core/collector.ts';
import { memberEntry } from '../../src/core/member-entry.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import type { Files } from '../fixtures/model-directory.ts';
import { writeParquet } from '../fixtures/parquet-writer.ts';
import { writeTar } from '../fixtures/tar-writer.ts';
import { files as arrowFiles } from './arrow/example.ts';
import { files as chromaFiles } from './chroma/example.ts';
import { factOf, valuesOf, withoutEvidence } from './collected.ts';
import { description, files as croissantFiles } from './croissant/example.ts';
import { files as faissFiles } from './faiss/example.ts';
import { card, files as hubFiles } from './huggingface-dataset/example.ts';
import { files as lanceFiles } from './lancedb/example.ts';
import { files as mdsFiles } from './mds/example.ts';
import { files as orcFiles } from './orc/example.ts';
import { files as parquetFiles } from './parquet/example.ts';
import { files as qdrantFiles } from './qdrant/example.ts';
import { files as tabularFiles } from './tabular/example.ts';
import { files as tfFiles } from './tfrecord/example.ts';
import { files as webFiles } from './webdataset/example.ts';

function of(files: Files, path: string): Uint8Array {
  return Buffer.from(files[path] ?? '');
}

async function fact(collector: FileCollector, files: Files, path: string) {
  return factOf(collector, path, of(files, path));
}

function wants(collector: FileCollector, path: string, content: Uint8Array | string): boolean {
  return collector.wants(memoryEntry(path, content), Buffer.from(content).subarray(0, 4096));
}

function collect(collector: FileCollector, path: string, content: Uint8Array | string): Promise<Collected> {
  return collector.collect(memoryEntry(path, content));
}

describe('files of data', () => {
  it('say of Parquet what its footer says, and of its metadata the keys', async () => {
    const path = 'tables/train-00000-of-00001.parquet';
    const found = await fact(parquet, parquetFiles, path);
    expect(found).toMatchObject({ about: { kind: 'file', path }, type: 'data' });
    expect(valuesOf(found)).toMatchObject({
      'mlbom:dataset:format': 'parquet',
      'mlbom:dataset:rows': '5',
      'mlbom:dataset:columns': '2',
      'mlbom:dataset:schema': '[["id","int64"],["text","string"]]',
      'mlbom:dataset:schema-sha256': 'ae11939fdcf949fea1e631b666006de29e7cd365c5fe0b5ae6c7812b38eb88b8',
      'mlbom:file:producer': 'parquet-cpp-arrow version 26.0.1',
      'mlbom:file:header': [
        'row-groups=1',
        'compression=snappy',
        'metadata-keys=huggingface,pandas,token',
        'huggingface-features=id:int64,text',
        'pandas-index=id',
      ],
    });
    expect(JSON.stringify(found)).not.toContain('a secret');
  });

  it('have one schema digest in Parquet and Arrow', async () => {
    const digests = await Promise.all([
      fact(parquet, parquetFiles, 'tables/train-00000-of-00001.parquet'),
      fact(arrow, arrowFiles, 'tables/cache.arrow'),
    ]);
    const [one, other] = digests.map((each) => valuesOf(each)['mlbom:dataset:schema-sha256']);
    expect(one).toBe(other);
  });

  it('say so when a footer and its row groups differ, or cannot be read', async () => {
    const elements = [{ name: 'schema', children: 0 }];
    const bytes = writeParquet({ elements, rows: 9, groups: [{ rows: 8, codec: 0 }] });
    expect((await collect(parquet, 'a.parquet', bytes)).problems).toMatchObject([
      { code: 'parquet-rows', effect: 'contradiction' },
    ]);
    const encrypted = await collect(parquet, 'a.parquet', Buffer.from('PARE\0\0\0\0\0\0\0\0PARE'));
    expect(encrypted.problems).toMatchObject([{ code: 'encrypted', effect: 'incomplete' }]);
    const snappy = await collect(orc, 'a.orc', of(orcFiles, 'tables/snappy.orc'));
    expect(snappy.problems).toMatchObject([{ code: 'unsupported', effect: 'incomplete' }]);
    expect(snappy.facts).toHaveLength(1);
  });

  it('show as many columns as there is room for', async () => {
    const elements = Array.from({ length: 300 }, (_, i) => ({
      name: `${i}-${'c'.repeat(300)}`,
      physical: 2,
    }));
    const bytes = writeParquet({ elements: [{ name: 'schema', children: 300 }, ...elements], rows: 1 });
    const values = valuesOf(await factOf(parquet, 'a.parquet', bytes));
    expect(values['mlbom:dataset:columns']).toBe('300');
    const shown = JSON.parse(String(values['mlbom:dataset:schema'])) as unknown[];
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.length).toBeLessThanOrEqual(200);
  });

  it('are text, too, when the name says so and they are no part of a package', async () => {
    expect(valuesOf(await fact(tabular, tabularFiles, 'tables/train.csv'))).toMatchObject({
      'mlbom:dataset:format': 'csv',
      'mlbom:dataset:rows': '2',
      'mlbom:dataset:schema': '[["id","number"],["text","text"]]',
    });
    const csv = of(tabularFiles, 'tables/train.csv');
    expect(wants(tabular, 'tables/train.csv', csv)).toBe(true);
    for (const directory of ['lib/site-packages/x', 'x-1.0.dist-info', 'node_modules/x'])
      expect(wants(tabular, `${directory}/a.csv`, csv)).toBe(false);
    expect(wants(tabular, 'a.txt', csv)).toBe(false);
  });

  it('do not count rows of which only the beginning was read', async () => {
    const line = '1,2\n';
    const large = Buffer.from(line.repeat(5_000_000));
    const values = valuesOf(await factOf(tabular, 'a.csv', large));
    expect(values['mlbom:dataset:rows']).toBeUndefined();
    expect(values['mlbom:dataset:columns']).toBe('2');
  });

  it('are TFRecords by their checksums, and TensorBoard’s logs are none', async () => {
    expect(valuesOf(await fact(tfrecord, tfFiles, 'tables/train.tfrecord'))).toMatchObject({
      'mlbom:dataset:rows': '2',
      'mlbom:dataset:schema': '[["image","binary"],["label","int64"]]',
    });
    expect(wants(tfrecord, 'a-name-that-says-nothing', of(tfFiles, 'tables/train.tfrecord'))).toBe(true);
    expect(await fact(tfrecord, tfFiles, 'logs/events.out.tfevents.1')).toMatchObject({ type: 'file' });
  });

  it('are tars of samples', async () => {
    expect(valuesOf(await fact(webdataset, webFiles, 'tables/shard-000000.tar'))).toMatchObject({
      'mlbom:dataset:format': 'webdataset',
      'mlbom:dataset:rows': '2',
      'mlbom:dataset:schema': '[["jpg","file"],["txt","file"]]',
    });
  });

  it.each([
    ['source code', ['a.py', 'b.py', 'c.py']],
    ['a page', ['index.html', 'index.css', 'style.png']],
    ['samples whose members are apart', ['1.jpg', '2.jpg', '1.txt', '2.txt']],
    ['names without endings', ['a.jpg', 'a.txt', 'Makefile']],
  ])('are not tars of %s', async (_what, names) => {
    const bytes = writeTar(names.map((name) => ({ name, content: 'x' })));
    expect((await collect(webdataset, 'source-0001.tar', bytes)).facts).toEqual([]);
  });

  it('in an archive give it their format alone, and a package nothing', async () => {
    const bytes = of(parquetFiles, 'tables/train-00000-of-00001.parquet');
    async function inside(archive: string): Promise<unknown[]> {
      const { facts } = await parquet.collect(
        memberEntry(memoryEntry(archive, ''), 'a.parquet', memoryEntry('a', bytes)),
      );
      return facts.map((each) => Object.keys(valuesOf(each)).length);
    }
    expect(await inside('data.zip')).toEqual([1]);
    expect(await inside('package.whl')).toEqual([]);
    const [whole] = await inside('a.parquet.gz');
    expect(whole).toBeGreaterThan(5);
  });
});

describe('descriptions of datasets', () => {
  it('are cards with dataset_info', async () => {
    const found = await fact(huggingfaceDataset, hubFiles, 'tickets/README.md');
    expect(found.about).toEqual({ kind: 'component', key: 'dataset:tickets', path: 'tickets' });
    expect(valuesOf(found)).toMatchObject({
      name: 'Support tickets',
      license: { license: 'cc-by-4.0' },
      provenance: 'original',
      governance: { classification: 'confidential', sensitiveData: ['PII'], owners: [{ name: 'Acme' }] },
      'mlbom:dataset:rows': '10',
      'mlbom:dataset:split': ['{"bytes":100,"name":"train","rows":8}', '{"bytes":20,"name":"test","rows":2}'],
      'mlbom:dataset:schema': '[["text","string"],["label","int64"]]',
      'mlbom:dataset:statistic': 'download_size=60',
    });
    expect(withoutEvidence(found)).toMatchObject([{ type: 'dataset', to: { name: 'acme/raw-tickets' } }]);
  });

  it.each([
    ['dataset_info beside a library', 'dataset_info: {features: []}\nlibrary_name: x', true],
    ['a size', 'size_categories: [1K<n<10K]', true],
    ['files by split', 'configs:\n- config_name: default\n  data_files: x', true],
    ['a pipeline', 'pipeline_tag: text-generation\ntask_categories: [x]', false],
    ['a base model', 'base_model: acme/base\ndatasets: [acme/tickets]', false],
    ['nothing', 'license: mit', false],
  ])('are told from cards of models by %s', async (_what, text, isDataset) => {
    const content = `---\n${text}\n---\n`;
    expect(wants(huggingfaceDataset, 'README.md', content)).toBe(isDataset);
    expect(wants(modelCard, 'README.md', content)).toBe(!isDataset);
    expect((await collect(modelCard, 'README.md', content)).facts).toHaveLength(isDataset ? 0 : 1);
    expect((await collect(huggingfaceDataset, 'README.md', content)).facts).toHaveLength(isDataset ? 1 : 0);
  });

  it('are cards whose beginning does not reach to what they are', async () => {
    const long = card.replace('language: [en]', `language: [${Array(2000).fill('en').join(', ')}]`);
    const late = long.replace(/(size|task)_categories.*\n|source_datasets.*\n/g, '');
    expect(wants(huggingfaceDataset, 'README.md', late)).toBe(true);
    expect((await collect(modelCard, 'README.md', late)).facts).toEqual([]);
  });

  it('are what save_to_disk leaves, for all splits together', async () => {
    const state = await collect(
      huggingfaceDataset,
      'saved/train/state.json',
      of(hubFiles, 'saved/train/state.json'),
    );
    expect(state.facts).toMatchObject([{ about: { key: 'dataset:saved', path: 'saved' } }]);
    expect(state.lists).toEqual([
      {
        component: 'dataset:saved',
        path: 'saved/train/state.json',
        files: [{ path: 'saved/train/data-00000-of-00001.arrow' }],
        owns: [],
        describes: true,
      },
    ]);
    expect(valuesOf(await fact(huggingfaceDataset, hubFiles, 'saved/train/dataset_info.json'))).toMatchObject(
      {
        description: 'Tickets',
        'mlbom:dataset:columns': '2',
      },
    );
  });

  it('do not add up configurations, which may be versions of each other', async () => {
    const info = { splits: { train: { num_examples: 3, num_bytes: 9 } } };
    const values = valuesOf(
      await factOf(huggingfaceDataset, 'dataset_infos.json', JSON.stringify({ a: info, b: info })),
    );
    expect(values['mlbom:dataset:rows']).toBeUndefined();
    expect(values['mlbom:dataset:split']).toEqual([
      '{"bytes":9,"name":"a/train","rows":3}',
      '{"bytes":9,"name":"b/train","rows":3}',
    ]);
  });

  it('do not state types that they do not know', async () => {
    const features = { a: { _type: 'Translation' }, b: { dtype: 'string', _type: 'Value' } };
    const values = valuesOf(
      await factOf(huggingfaceDataset, 'dataset_info.json', JSON.stringify({ features })),
    );
    expect(values['mlbom:dataset:columns']).toBe('2');
    expect(values['mlbom:dataset:schema']).toBeUndefined();
  });

  it.each([
    ['datasets.GeneratorBasedBuilder', 'import datasets\nclass A(datasets.GeneratorBasedBuilder):', true],
    ['an imported base', 'from datasets import ArrowBasedBuilder\nclass A(ArrowBasedBuilder):', true],
    ['only a use', 'import datasets\ndatasets.load_dataset("x")', false],
  ])('come with a script: %s', async (_what, script, isScript) => {
    const { findings } = await collect(huggingfaceDataset, 'tickets/tickets.py', script);
    expect(findings.map(({ rule }) => rule)).toEqual(isScript ? ['MLB-DAT-002'] : []);
  });

  it('are Croissant, whose digests are promises', async () => {
    const path = 'titanic/croissant.json';
    const { facts, findings, lists } = await collect(croissant, path, of(croissantFiles, path));
    const [found] = facts;
    expect(found && valuesOf(found)).toMatchObject({
      name: 'titanic',
      authors: [{ name: 'Acme' }],
      governance: { sensitiveData: ['Gender', 'Age'] },
      provenance: 'From the archive',
      'mlbom:dataset:schema': '[["name","Text"],["age","Integer"]]',
    });
    expect(lists).toMatchObject([
      {
        component: 'dataset:titanic',
        files: [
          {
            path: 'titanic/data/passengers.csv',
            size: 117_743,
            digest: {
              algorithm: 'sha256',
              hex: 'c617db2c7470716250f6f001be51304c76bcc8815527ab8bae734bdca0735737',
            },
          },
          { path: 'titanic/genders.csv', digest: { algorithm: 'md5' } },
        ],
      },
    ]);
    expect(findings).toMatchObject([{ rule: 'MLB-DAT-001', severity: 'low', symbol: 'genders.csv' }]);
    expect(JSON.stringify(facts)).not.toMatch(/password|secret/);
  });

  it('are no Croissant when they only speak of it', async () => {
    const content = JSON.stringify({ ...description, '@type': 'Person' });
    expect((await collect(croissant, 'a.json', content)).facts).toEqual([]);
  });

  it('are indexes of shards', async () => {
    const found = await collect(mds, 'mds/index.json', of(mdsFiles, 'mds/index.json'));
    expect(found.facts.map(valuesOf)).toMatchObject([
      { 'mlbom:dataset:format': 'mds', 'mlbom:dataset:rows': '10', 'mlbom:dataset:columns': '2' },
    ]);
    expect(found.lists?.[0]?.files[0]).toEqual({
      path: 'mds/shard.00000.mds',
      size: 100,
      digest: { algorithm: 'sha256', hex: 'a'.repeat(64) },
    });
  });
});

describe('vector stores', () => {
  it('are faiss’s indexes', async () => {
    const found = await fact(faiss, faissFiles, 'vectors/docs.faiss');
    expect(found.about).toEqual({
      kind: 'component',
      key: 'vectors:vectors/docs.faiss',
      path: 'vectors/docs.faiss',
    });
    expect(valuesOf(found)).toMatchObject({
      'mlbom:vector:engine': 'faiss IVFFlat,Flat',
      'mlbom:vector:dimension': '384',
      'mlbom:vector:metric': 'l2',
      'mlbom:vector:count': '500',
    });
  });

  it('are Chroma’s, with the model that made the vectors', async () => {
    const found = await fact(chroma, chromaFiles, 'store/chroma.sqlite3');
    expect(found.about).toMatchObject({ key: 'vectors:store', path: 'store' });
    expect(valuesOf(found)).toMatchObject({
      name: 'docs',
      'mlbom:vector:engine': 'chroma',
      'mlbom:vector:count': '2',
      'mlbom:vector:dimension': '384',
      'mlbom:vector:metric': 'cosine',
      'mlbom:vector:embedding-model': 'sentence-transformers/all-MiniLM-L6-v2',
    });
    expect(withoutEvidence(found)).toMatchObject([
      { type: 'depends-on', to: { purl: 'pkg:huggingface/sentence-transformers/all-MiniLM-L6-v2' } },
    ]);
  });

  it('are tables of LanceDB, each version for itself', async () => {
    const { facts } = await collect(
      lancedb,
      'docs.lance/_versions/2.manifest',
      of(lanceFiles, 'docs.lance/_versions/2.manifest'),
    );
    expect(facts.map(({ about }) => about.kind)).toEqual(['file', 'component']);
    expect(facts.map(valuesOf)).toMatchObject([
      { 'mlbom:file:header': ['version=2', 'rows=29', 'fragments=1'] },
      { name: 'docs', 'mlbom:vector:dimension': '384', 'mlbom:dataset:statistic': 'rows in version 2=29' },
    ]);
    expect(valuesOf(await fact(lancedb, lanceFiles, 'docs.lance/data/a.lance'))).toMatchObject({
      'mlbom:dataset:rows': '30',
    });
  });

  it('are collections of Qdrant, of a server, of its client, or in a snapshot', async () => {
    const path = 'qdrant/collections/docs/config.json';
    expect(valuesOf(await fact(qdrant, qdrantFiles, path))).toMatchObject({
      name: 'docs',
      'mlbom:vector:dimension': '384',
      'mlbom:vector:metric': 'cosine',
    });
    expect(valuesOf(await fact(qdrant, qdrantFiles, 'local/meta.json'))).toMatchObject({
      'mlbom:dataset:statistic': [
        'vectors text=4 Dot',
        'vectors image=8 Cosine',
        'collection docs=4 Dot, 8 Cosine',
      ],
    });
    const snapshot = memoryEntry('docs.snapshot', '');
    const { facts } = await qdrant.collect(
      memberEntry(snapshot, 'config.json', memoryEntry('c', of(qdrantFiles, path))),
    );
    expect(facts).toMatchObject([{ about: { key: 'vectors:docs.snapshot', path: 'docs.snapshot' } }]);
    expect(wants(qdrant, 'config.json', '{"model_type":"llama"}')).toBe(false);
  });
});
