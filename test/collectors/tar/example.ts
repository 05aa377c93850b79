import type { Files } from '../../fixtures/model-directory.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';

export const files: Files = {
  'archives/notes.tar': writeTar(
    [
      { name: 'notes/', type: '5' },
      { name: 'notes/a.txt', content: 'a'.repeat(600) },
    ],
    'x'.repeat(400),
  ),
};

export const readsCuts = ['archives/notes.tar'];
