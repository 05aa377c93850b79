import { int, writeArrowFile, writeFeather } from '../../fixtures/arrow-writer.ts';
import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'tables/cache.arrow': writeArrowFile({
    fields: [
      { name: 'id', kind: 2, type: int(64) },
      { name: 'text', kind: 5 },
    ],
    batches: [3, 4],
    codec: 0,
  }),
  'tables/old.feather': writeFeather([['id', 4]], 3),
};
