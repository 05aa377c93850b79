import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'qdrant/collections/docs/config.json': JSON.stringify({
    params: { vectors: { size: 384, distance: 'Cosine' }, shard_number: 1 },
    hnsw_config: { m: 16 },
    optimizer_config: {},
    wal_config: {},
    quantization_config: null,
  }),
  'local/meta.json': JSON.stringify({
    collections: {
      docs: { vectors: { text: { size: 4, distance: 'Dot' }, image: { size: 8, distance: 'Cosine' } } },
    },
    aliases: {},
  }),
};

/** Its beginning does not say what it is. */
export const readsCuts = Object.keys(files);
