import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'old/model.bin': Buffer.from('tjgg\x03\0\0\0\0\x7d\0\0\0\x10\0\0', 'latin1'),
};

/** Nothing after the version is read. */
export const readsCuts = Object.keys(files);
