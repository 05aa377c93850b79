import type { FindingRule } from '../../core/finding.ts';
import type { RefusalRules } from '../refused.ts';

const format = 'https://github.com/huggingface/safetensors#format';

/** Bytes that no tensor has, or that several claim: nothing that loads weights looks there. */
const hole: FindingRule = {
  id: 'MLB-SFT-001',
  severity: 'medium',
  cwe: 436,
  title: 'Bytes between tensors belong to none',
  why: 'Anything can be hidden there, so that the file is weights to one program and something else to another.',
  fix: 'Save the tensors again with the safetensors library, and ask who wrote the file.',
  references: [format],
};
const trailing: FindingRule = {
  id: 'MLB-SFT-002',
  severity: 'medium',
  cwe: 436,
  title: 'Bytes follow the last tensor',
  why: 'An archive or a program can be appended, so that the file is weights to one program and something else to another.',
  fix: 'Save the tensors again with the safetensors library, and ask who wrote the file.',
  references: [format],
};
const overlap: FindingRule = {
  id: 'MLB-SFT-003',
  severity: 'medium',
  cwe: 436,
  title: 'Tensors share bytes',
  why: 'The official loader refuses such a file; others load weights that nobody saved.',
  fix: 'Do not load the file; get it again from its publisher.',
  references: [format],
};
const duplicate: FindingRule = {
  id: 'MLB-SFT-004',
  severity: 'medium',
  cwe: 436,
  title: 'A name appears twice in the header',
  why: 'Parsers keep the first or the last of the two, so that what was examined need not be what is loaded.',
  fix: 'Do not load the file; get it again from its publisher.',
  references: [format],
};
const pastEnd: FindingRule = {
  id: 'MLB-SFT-005',
  severity: 'medium',
  cwe: 125,
  title: 'A tensor ends behind the end of the file',
  why: 'The file was cut, or it makes a loader that does not check read memory that is not its own.',
  fix: 'Compare its size with the publisher’s, and get it again.',
  references: [format],
};
const size: FindingRule = {
  id: 'MLB-SFT-006',
  severity: 'medium',
  cwe: 131,
  title: 'The bytes of a tensor do not fit its shape',
  why: 'A loader that computes the size in one place and reads in another reads or writes memory that is not its own.',
  fix: 'Do not load the file; get it again from its publisher.',
  references: [format],
};
const overflow: FindingRule = {
  id: 'MLB-SFT-007',
  severity: 'high',
  cwe: 190,
  title: 'A shape overflows',
  why: 'The product of the dimensions does not fit in 64 bits; a loader that multiplies unchecked allocates too little and writes beyond it.',
  fix: 'Do not load the file.',
  references: [format],
};
const beyondLimits: FindingRule = {
  id: 'MLB-SFT-008',
  severity: 'low',
  cwe: 770,
  title: 'The header is larger than loaders accept',
  why: 'A header of gigabytes, or of millions of small values, takes the memory of whatever parses it.',
  fix: 'Do not load the file.',
  references: [format],
};
const shardPath: FindingRule = {
  id: 'MLB-SFT-009',
  severity: 'high',
  cwe: 22,
  title: 'The index names a shard outside of its directory',
  why: 'A loader that follows it reads any file of the machine that it can open.',
  fix: 'Do not load the model; write the index again with names of files beside it.',
};

export const safetensorsRules: readonly FindingRule[] = [
  hole,
  trailing,
  overlap,
  duplicate,
  pastEnd,
  size,
  overflow,
  beyondLimits,
  shardPath,
];

/** The refusals of the readers that are more than a broken file. */
export const safetensorsRefusals: RefusalRules = {
  'safetensors-hole': hole,
  'safetensors-trailing': trailing,
  'safetensors-overlap': overlap,
  'json-duplicate-key': duplicate,
  'safetensors-past-end': pastEnd,
  'safetensors-length': size,
  'safetensors-bits': size,
  'safetensors-overflow': overflow,
  'safetensors-header-size': beyondLimits,
  'json-depth': beyondLimits,
  'json-values': beyondLimits,
  'safetensors-tensors': beyondLimits,
  'safetensors-dimensions': beyondLimits,
  'safetensors-index-shard-escapes': shardPath,
};
