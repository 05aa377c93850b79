import type { Files } from '../../fixtures/model-directory.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';

export const files: Files = {
  'tables/shard-000000.tar': writeTar([
    { name: '0001.jpg', content: 'x' },
    { name: '0001.txt', content: 'a' },
    { name: '0002.jpg', content: 'y' },
    { name: '0002.txt', content: 'b' },
  ]),
};

/** The members before the cut are samples too. */
export const readsCuts = Object.keys(files);
