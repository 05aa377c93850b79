import type { Files } from '../../fixtures/model-directory.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';

export const files: Files = {
  'archives/notes.zip': writeZip([
    { name: 'notes/', content: '' },
    { name: 'notes/stored.txt', content: 'stored' },
    { name: 'notes/deflated.txt', content: 'deflated '.repeat(20), deflate: true },
  ]),
};
