import type { FindingRule } from '../../core/finding.ts';
import type { RefusalRules } from '../refused.ts';
import { templateRules } from '../template-rules.ts';

const specification = 'https://github.com/ggml-org/ggml/blob/master/docs/gguf.md';

const pastEnd: FindingRule = {
  id: 'MLB-GGF-001',
  severity: 'high',
  cwe: 125,
  title: 'A tensor ends behind the end of the file',
  why: 'The file was cut, or it makes a server that does not check read its own memory into the model and give it away.',
  fix: 'Compare its size with the publisher’s and get it again; do not give it to a server that converts or quantizes models.',
  references: ['CVE-2026-7482', specification],
};
const overflow: FindingRule = {
  id: 'MLB-GGF-002',
  severity: 'high',
  cwe: 190,
  title: 'A size overflows',
  why: 'A count or a shape is larger than any file; a loader that multiplies unchecked allocates too little and writes beyond it.',
  fix: 'Do not load the file.',
  references: ['CVE-2025-53630', 'CVE-2026-27940', 'CVE-2026-33298', 'CVE-2024-21836', specification],
};
const duplicate: FindingRule = {
  id: 'MLB-GGF-003',
  severity: 'medium',
  cwe: 436,
  title: 'A key or a tensor appears twice',
  why: 'Readers keep the first or the last of the two, so that what was examined need not be what is loaded.',
  fix: 'Do not load the file; get it again from its publisher.',
  references: [specification],
};
const alignment: FindingRule = {
  id: 'MLB-GGF-004',
  severity: 'medium',
  cwe: 1284,
  title: 'The alignment is not valid',
  why: 'Loaders divide by it and round with it: zero crashes them, and anything else makes them read tensors at the wrong place.',
  fix: 'Do not load the file; get it again from its publisher.',
  references: [specification],
};
const overlap: FindingRule = {
  id: 'MLB-GGF-005',
  severity: 'medium',
  cwe: 436,
  title: 'Tensors share bytes',
  why: 'Nobody saves weights like that; a loader either refuses them or loads other weights than were meant.',
  fix: 'Do not load the file; get it again from its publisher.',
  references: [specification],
};
const dimensions: FindingRule = {
  id: 'MLB-GGF-006',
  severity: 'high',
  cwe: 787,
  title: 'A tensor has more dimensions than ggml has room for',
  why: 'A loader that does not check writes the dimensions beyond the four that it keeps.',
  fix: 'Do not load the file.',
  references: ['CVE-2024-21802', specification],
};
const old: FindingRule = {
  id: 'MLB-GGF-007',
  severity: 'low',
  cwe: 477,
  title: 'GGUF of version 1',
  why: 'No current software reads it, so that whoever loads it uses a version with known holes.',
  fix: 'Convert the model again from its source.',
  references: [specification],
};

export const ggufRules: readonly FindingRule[] = [
  pastEnd,
  overflow,
  duplicate,
  alignment,
  overlap,
  dimensions,
  old,
  ...templateRules,
];

/** The refusals of the reader that are more than a broken file. */
export const ggufRefusals: RefusalRules = {
  'gguf-tensor-past-end': pastEnd,
  'gguf-overflow': overflow,
  'gguf-shape': overflow,
  'gguf-duplicate-key': duplicate,
  'gguf-duplicate-tensor': duplicate,
  'gguf-alignment': alignment,
  'gguf-tensor-alignment': alignment,
  'gguf-tensor-overlap': overlap,
  'gguf-dimensions': dimensions,
  'gguf-v1': old,
};
