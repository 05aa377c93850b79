import type { FindingRule } from '../../core/finding.ts';

export const malformedDigest: FindingRule = {
  id: 'MLB-DAT-001',
  severity: 'low',
  cwe: 354,
  title: 'A digest of a dataset is none',
  why: 'What stands where the SHA-256 of a file should be cannot be checked, so that nobody would notice other data.',
  fix: 'Write the SHA-256 of the file, 64 hexadecimal digits, into the description.',
  references: ['https://docs.mlcommons.org/croissant/docs/croissant-spec.html'],
};
