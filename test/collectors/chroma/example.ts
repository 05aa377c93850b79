import type { Files } from '../../fixtures/model-directory.ts';
import { writeSqlite } from '../../fixtures/sqlite-writer.ts';

export const files: Files = {
  'store/chroma.sqlite3': writeSqlite([
    {
      name: 'collections',
      sql: 'CREATE TABLE collections (id TEXT PRIMARY KEY, name TEXT, dimension INTEGER, config_json_str TEXT)',
      rows: [[1, ['c1', 'docs', 384, '{"hnsw":{"space":"cosine"}}']]],
    },
    {
      name: 'collection_metadata',
      sql: 'CREATE TABLE collection_metadata (collection_id TEXT, key TEXT, str_value TEXT)',
      rows: [[1, ['c1', 'embedding_model', 'all-MiniLM-L6-v2']]],
    },
    {
      name: 'embeddings',
      sql: 'CREATE TABLE embeddings (id INTEGER PRIMARY KEY, segment_id TEXT)',
      rows: [
        [1, [null, 's']],
        [2, [null, 's']],
      ],
    },
  ]),
};
