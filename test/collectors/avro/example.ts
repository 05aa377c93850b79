import type { Files } from '../../fixtures/model-directory.ts';
import { writeAvro } from '../../fixtures/table-writers.ts';

export const files: Files = {
  'tables/events.avro': writeAvro({
    schema: { type: 'record', name: 'Event', fields: [{ name: 'id', type: 'long' }] },
    blocks: [3],
  }),
};
