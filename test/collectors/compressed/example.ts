import { gzipSync } from 'node:zlib';
import type { Files } from '../../fixtures/model-directory.ts';
import { pseudoRandomBytes } from '../../fixtures/pseudo-random.ts';

export const files: Files = {
  'archives/notes.txt.gz': gzipSync(pseudoRandomBytes(300, 'notes')),
  'archives/model.joblib.bz2': Buffer.from('BZh91AY&SY'),
  'archives/model': Buffer.from('5d00008000ffffffffffffffff0000', 'hex'),
};

export const findings: Readonly<Record<string, readonly string[]>> = {
  'archives/model.joblib.bz2': ['MLB-ARC-001'],
  'archives/model': ['MLB-ARC-001'],
};
