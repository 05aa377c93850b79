import type { FindingRule } from '../../core/finding.ts';

export const modelCode: FindingRule = {
  id: 'MLB-COD-005',
  severity: 'low',
  cwe: 829,
  title: 'Python code of a model lies beside its weights',
  why: 'Loading the model with trust_remote_code runs it.',
  fix: 'Read it, pin the revision, and keep trust_remote_code off where the library has the model itself.',
  references: ['https://huggingface.co/docs/transformers/custom_models'],
};
export const servingCode: FindingRule = {
  id: 'MLB-COD-006',
  severity: 'medium',
  cwe: 829,
  title: 'Python code that a server runs with the model',
  why: 'Inference servers run a file of this name at this place without being asked to trust it.',
  fix: 'Read it, and serve the model from a copy that you have reviewed.',
  references: [
    'https://huggingface.co/docs/inference-endpoints/guides/custom_handler',
    'https://github.com/triton-inference-server/python_backend',
  ],
};
export const nativeCode: FindingRule = {
  id: 'MLB-COD-007',
  severity: 'medium',
  cwe: 829,
  title: 'A program or a native library lies beside the weights',
  why: 'Weights need none; where a runtime is told to load it, it runs with all rights of the process.',
  fix: 'Find out what needs it, and take it from its publisher alone.',
};

export const travellingCodeRules: readonly FindingRule[] = [modelCode, servingCode, nativeCode];
