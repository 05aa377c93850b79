import { writeNpy } from '../../fixtures/npy-writer.ts';
import type { Files } from '../../fixtures/model-directory.ts';
import { pickled } from '../../fixtures/torch-writer.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';

export const files: Files = {
  'numpy/array.npy': writeNpy(),
  'numpy/odd.npy': writeNpy({ descr: "'|' 'O'", shape: [1], data: pickled(['x']) }),
  'numpy/arrays.npz': writeZip([
    { name: 'a.npy', content: writeNpy() },
    {
      name: 'b/c.npy',
      content: writeNpy({ descr: "'|O'", shape: [1], data: pickled(['x']) }),
      deflate: true,
    },
  ]),
};

export const findings: Readonly<Record<string, readonly string[]>> = {
  'numpy/odd.npy': ['MLB-NPY-001'],
};
