import type { Files } from '../../fixtures/model-directory.ts';
import { writeUsearch } from '../../fixtures/vector-writers.ts';

export const files: Files = {
  'vectors/docs.usearch': writeUsearch(20, 8, true),
};

/** The head says it all. */
export const readsCuts = Object.keys(files);
