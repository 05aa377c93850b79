import type { FindingRule } from '../../core/finding.ts';

const cve = 'https://nvd.nist.gov/vuln/detail/';
const doNotLoad = 'Do not load it; ask its publisher for the weights as safetensors.';
const withWeightsOnly =
  'Load it only where the name is known and trusted, with weights_only=True or a restricted unpickler.';

export const dangerousCalled: FindingRule = {
  id: 'MLB-PKL-001',
  severity: 'critical',
  cwe: 502,
  title: 'Pickle that calls a dangerous function',
  why: 'Loading the file calls it, with arguments that the file gives.',
  fix: doNotLoad,
  references: [`${cve}CVE-2025-1716`, `${cve}CVE-2025-10157`],
};

export const dangerousImported: FindingRule = {
  id: 'MLB-PKL-002',
  severity: 'high',
  cwe: 502,
  title: 'Pickle that imports a dangerous function',
  why: 'Loading the file imports it, and what is loaded can call it later.',
  fix: doNotLoad,
};

export const unknownCalled: FindingRule = {
  id: 'MLB-PKL-003',
  severity: 'medium',
  cwe: 502,
  title: 'Pickle that calls a function or class that is not known',
  why: 'Loading the file imports its module and calls it, and nothing is known of what that does.',
  fix: withWeightsOnly,
};

export const unknownImported: FindingRule = {
  id: 'MLB-PKL-004',
  severity: 'medium',
  cwe: 502,
  title: 'Pickle that imports a name that is not known',
  why: 'Loading the file imports its module, and nothing is known of what that does.',
  fix: withWeightsOnly,
};

export const dynamicCalled: FindingRule = {
  id: 'MLB-PKL-005',
  severity: 'critical',
  cwe: 502,
  title: 'Pickle that calls something computed',
  why: 'What loading the file calls is not written in it: honest writers never hide it.',
  fix: doNotLoad,
};

export const dynamicImported: FindingRule = {
  id: 'MLB-PKL-006',
  severity: 'high',
  cwe: 502,
  title: 'Pickle that imports a computed name',
  why: 'What loading the file imports is not written in it: honest writers never hide it.',
  fix: doNotLoad,
};

export const importChanged: FindingRule = {
  id: 'MLB-PKL-007',
  severity: 'high',
  cwe: 915,
  title: 'Pickle that changes what it imports',
  why: 'Loading the file writes into a module, class or function of the program, which changes what runs later.',
  fix: doNotLoad,
  references: ['https://github.com/protectai/modelscan/issues/330'],
};

export const specialAttribute: FindingRule = {
  id: 'MLB-PKL-008',
  severity: 'high',
  cwe: 915,
  title: 'Pickle that sets a special method of an object',
  why: 'A method such as __setstate__ or __reduce__ that the file brings along is called by the interpreter itself.',
  fix: doNotLoad,
};

export const nestedPayload: FindingRule = {
  id: 'MLB-PKL-009',
  severity: 'high',
  cwe: 506,
  title: 'Dangerous pickle hidden in a constant',
  why: 'Whoever decodes and loads the constant runs what it calls, and scanners of the outer file do not see it.',
  fix: doNotLoad,
};

export const brokenStream: FindingRule = {
  id: 'MLB-PKL-010',
  severity: 'medium',
  cwe: 754,
  title: 'Broken pickle',
  why: 'Loading the file ends in an error after everything before it has run, and scanners that stop there miss it.',
  fix: 'Fetch the file again from its source; if it is the same there, do not load it.',
};

export const notInFull: FindingRule = {
  id: 'MLB-PKL-011',
  severity: 'high',
  cwe: 400,
  title: 'Pickle that was not examined in full',
  why: 'It is beyond a limit of this tool, and what lies behind the limit is not known.',
  fix: 'Split it, or ask its publisher for the weights as safetensors.',
};

export const noPickle: FindingRule = {
  id: 'MLB-PKL-012',
  severity: 'medium',
  cwe: 345,
  title: 'File named like a pickle that cannot be examined',
  why: 'Programs that go by the name load it as a pickle, perhaps through a compression or encryption of their own.',
  fix: 'Find out what it is, and load it with a reader of that format only.',
  references: [`${cve}CVE-2025-1889`],
};

export const bomb: FindingRule = {
  id: 'MLB-PKL-013',
  severity: 'medium',
  cwe: 400,
  title: 'Pickle that takes up memory or time without end',
  why: 'A few bytes make the loader allocate gigabytes, or make a value that takes years to compare or print.',
  fix: 'Do not load it; no honest writer makes such a pickle.',
};

export const frames: FindingRule = {
  id: 'MLB-PKL-014',
  severity: 'medium',
  cwe: 436,
  title: 'Pickle whose frames do not fit its opcodes',
  why: "CPython's two unpicklers read such a pickle in two ways, so that a scanner may see another one than the loader.",
  fix: 'Do not load it; no honest writer makes such a pickle.',
};

export const divergent: FindingRule = {
  id: 'MLB-PKL-015',
  severity: 'high',
  cwe: 436,
  title: 'Array of joblib that is a pickle to others',
  why: 'pickle.load follows opcodes where joblib reads an array, so that a scanner may skip what the loader runs.',
  fix: doNotLoad,
};

export const misplacedProtocol: FindingRule = {
  id: 'MLB-PKL-016',
  severity: 'low',
  cwe: 436,
  title: 'Pickle with a protocol in the middle',
  why: 'No pickler writes PROTO anywhere but first: the file was put together by hand.',
  fix: 'Find out how it was made before loading it.',
};

export const trailing: FindingRule = {
  id: 'MLB-PKL-017',
  severity: 'low',
  cwe: 436,
  title: 'Bytes beside pickles',
  why: 'What follows a pickle is read by nobody, or by a program that knows that it is there.',
  fix: 'Find out what the bytes are for.',
};

/** Everything that is looked for in a pickle. */
export const pickleRules: readonly FindingRule[] = [
  dangerousCalled,
  dangerousImported,
  unknownCalled,
  unknownImported,
  dynamicCalled,
  dynamicImported,
  importChanged,
  specialAttribute,
  nestedPayload,
  brokenStream,
  notInFull,
  noPickle,
  bomb,
  frames,
  divergent,
  misplacedProtocol,
  trailing,
];
