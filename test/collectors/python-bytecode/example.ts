import type { Files } from '../../fixtures/model-directory.ts';

/** Python 3.11's magic, the flags, and a hash or a time and a size. */
function compiled(flags: number): Uint8Array {
  return Buffer.from([0xa7, 0x0d, 0x0d, 0x0a, flags, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0xe3]);
}

export const files: Files = { 'pkg/__pycache__/a.cpython-311.pyc': compiled(1) };

/** The header is all that is read. */
export const readsCuts = Object.keys(files);

export const findings = { 'pkg/__pycache__/a.cpython-311.pyc': ['MLB-COD-008'] };
