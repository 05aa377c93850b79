import type { FindingRule } from '../../core/finding.ts';
import type { RefusalRules } from '../refused.ts';

const specification = 'https://github.com/onnx/onnx/blob/main/docs/ExternalData.md';

export const escapes: FindingRule = {
  id: 'MLB-ONX-001',
  severity: 'high',
  cwe: 22,
  title: 'External data outside of the directory of the model',
  why: 'Loading the model reads, and saving it again writes, any file of the machine that the process can open.',
  fix: 'Do not load the model; save it again with its data beside it.',
  references: [
    'CVE-2022-25882',
    'CVE-2024-27318',
    'CVE-2024-5187',
    'CVE-2025-51480',
    'CVE-2026-27489',
    specification,
  ],
};
export const memoryAddress: FindingRule = {
  id: 'MLB-ONX-002',
  severity: 'high',
  cwe: 822,
  title: 'External data at an address in memory',
  why: 'The mark is for use inside a process: a runtime that takes it from a file reads memory at an address that the file chose.',
  fix: 'Do not load the model.',
  references: ['https://github.com/microsoft/onnxruntime/pull/32135'],
};
const range: FindingRule = {
  id: 'MLB-ONX-003',
  severity: 'medium',
  cwe: 190,
  title: 'External data at a place that no file has',
  why: 'An offset or a length that is negative or larger than any file makes a loader that does not check read elsewhere.',
  fix: 'Do not load the model; get it again from its publisher.',
  references: [specification],
};
const size: FindingRule = {
  id: 'MLB-ONX-004',
  severity: 'medium',
  cwe: 131,
  title: 'The data of a tensor does not fit its shape',
  why: 'A loader that computes the size in one place and reads in another reads or writes memory that is not its own.',
  fix: 'Do not load the model; get it again from its publisher.',
};
const twice: FindingRule = {
  id: 'MLB-ONX-005',
  severity: 'medium',
  cwe: 436,
  title: 'A tensor or a key says two things',
  why: 'Readers take the first or the last of the two, so that what was examined need not be what is loaded.',
  fix: 'Do not load the model; get it again from its publisher.',
};
export const customOperators: FindingRule = {
  id: 'MLB-ONX-006',
  severity: 'low',
  cwe: 829,
  title: 'Operators that need native code',
  why: 'The model runs only with a library of operators that is not in the file, and that library runs with it.',
  fix: 'Find out which library it needs, and take it from its publisher alone.',
};
export const link: FindingRule = {
  id: 'MLB-ONX-007',
  severity: 'medium',
  cwe: 61,
  title: 'External data behind a symbolic link',
  why: 'Loaders were tricked into files elsewhere through links; newer ones refuse the model.',
  fix: 'Put the data itself beside the model.',
  references: ['CVE-2026-27489', 'CVE-2026-34447', specification],
};

export const onnxRules: readonly FindingRule[] = [
  escapes,
  memoryAddress,
  range,
  size,
  twice,
  customOperators,
  link,
];

/** The refusals of the reader that are more than a broken file. */
export const onnxRefusals: RefusalRules = {
  'onnx-external-range': range,
  'onnx-tensor-size': size,
  'onnx-shape': size,
  'onnx-tensor-data': twice,
  'onnx-external-twice': twice,
  'onnx-duplicate-key': twice,
};
