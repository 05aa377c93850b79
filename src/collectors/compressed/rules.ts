import type { FindingRule } from '../../core/finding.ts';

export const notExamined: FindingRule = {
  id: 'MLB-ARC-001',
  severity: 'high',
  cwe: 693,
  title: 'Weights packed so that they cannot be examined',
  why: 'Nothing is known of the content, while loaders such as joblib unpack and load it.',
  fix: 'Have the weights unpacked, or packed with gzip, zlib, zstd or LZ4.',
};

export const bomb: FindingRule = {
  id: 'MLB-ARC-002',
  severity: 'medium',
  cwe: 409,
  title: 'Packed file that unpacks to a thousand times its size',
  why: 'Unpacking it can use up memory or disk.',
  fix: 'Unpack it with a limit, if at all.',
};

export const compressedRules: readonly FindingRule[] = [notExamined, bomb];
