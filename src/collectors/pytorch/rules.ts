import type { FindingRule } from '../../core/finding.ts';

export const nativeCode: FindingRule = {
  id: 'MLB-PT-001',
  severity: 'critical',
  cwe: 829,
  title: 'The archive carries native code',
  why: 'Loading a compiled package (AOTInductor) maps its shared library into the process, and its code runs.',
  fix: 'Load it only when you know who built it, or export the program again and compile it yourself.',
  references: ['https://docs.pytorch.org/docs/stable/torch.compiler_aot_inductor.html'],
};

export const carriesCode: FindingRule = {
  id: 'MLB-PT-002',
  severity: 'info',
  cwe: 829,
  title: 'The archive carries TorchScript code',
  why: 'A TorchScript archive is a program: using the model runs the code in it, in an interpreter of its own.',
  fix: 'Know who made it; where the weights are enough, take them as safetensors.',
};

export const scriptReachesOut: FindingRule = {
  id: 'MLB-PT-003',
  severity: 'high',
  cwe: 73,
  title: 'TorchScript code reads or writes files',
  why: 'The code calls operators that open, map or write files of the machine that runs it, also when it is loaded with weights_only.',
  fix: 'Do not run it; have the model exported again without these calls.',
  references: ['CVE-2025-32434'],
};

export const foreignOperators: FindingRule = {
  id: 'MLB-PT-004',
  severity: 'medium',
  cwe: 829,
  title: 'TorchScript code calls operators of other libraries',
  why: 'Running the model needs a native library that is loaded beside PyTorch and is not part of the file.',
  fix: 'Find out which library defines the operators, and put it, with its version and digest, on the bill of materials.',
};

export const outsideStorage: FindingRule = {
  id: 'MLB-PT-005',
  severity: 'high',
  cwe: 125,
  title: 'A tensor reaches beyond its storage',
  why: 'A loader that believes the declared sizes reads memory that does not belong to the file.',
  fix: 'Do not load the file; fetch it again from its source and compare the digest.',
};

export const pytorchRules: readonly FindingRule[] = [
  nativeCode,
  carriesCode,
  scriptReachesOut,
  foreignOperators,
  outsideStorage,
];
