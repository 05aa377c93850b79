import type { Files } from '../../fixtures/model-directory.ts';
import { writeOrc } from '../../fixtures/table-writers.ts';

const types = [[12, [1], ['id']], [4]] as const;

export const files: Files = {
  'tables/events.orc': writeOrc({ types, rows: 6 }),
  'tables/snappy.orc': writeOrc({ types, rows: 6, compression: 2 }),
};
