import type { Files } from '../../fixtures/model-directory.ts';
import { eventHeader, example, writeTfRecords } from '../../fixtures/table-writers.ts';

export const files: Files = {
  'tables/train.tfrecord': writeTfRecords([example({ image: 1, label: 3 }), example({})]),
  'logs/events.out.tfevents.1': writeTfRecords([eventHeader()]),
};

/** Without its first bytes nobody can tell what it is. */
export const readsCuts = Object.keys(files);
