import type { Files } from '../../fixtures/model-directory.ts';

const shard = {
  column_encodings: ['int', 'str'],
  column_names: ['id', 'text'],
  column_sizes: [8, null],
  compression: null,
  format: 'mds',
  hashes: ['sha256'],
  raw_data: { basename: 'shard.00000.mds', bytes: 100, hashes: { sha256: 'a'.repeat(64) } },
  samples: 7,
  size_limit: 1000,
  version: 2,
  zip_data: null,
};

export const files: Files = {
  'mds/index.json': JSON.stringify({ shards: [shard, { ...shard, samples: 3 }], version: 2 }),
};

/** Its beginning does not say what it is. */
export const readsCuts = Object.keys(files);
