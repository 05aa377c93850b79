import type { Files } from '../../fixtures/model-directory.ts';
import { writeFaiss, writeFaissIvf } from '../../fixtures/vector-writers.ts';

const flat = writeFaiss({ fourcc: 'IxF2', dimension: 384, count: 8 });

export const files: Files = {
  'vectors/docs.faiss': writeFaissIvf({ fourcc: 'IwFl', dimension: 384, count: 500 }, 8, flat),
};

/** The header says it all. */
export const readsCuts = Object.keys(files);
