import type { Files } from '../../fixtures/model-directory.ts';
import { writeParquet } from '../../fixtures/parquet-writer.ts';

export const files: Files = {
  'tables/train-00000-of-00001.parquet': writeParquet({
    elements: [
      { name: 'schema', children: 2 },
      { name: 'id', physical: 2 },
      { name: 'text', physical: 6, converted: 0 },
    ],
    rows: 5,
    keyValues: {
      huggingface: JSON.stringify({
        info: { features: { id: { dtype: 'int64', _type: 'Value' }, text: {} } },
      }),
      pandas: JSON.stringify({ index_columns: ['id', { kind: 'range' }] }),
      token: 'a secret',
    },
    createdBy: 'parquet-cpp-arrow version 26.0.1',
  }),
};
