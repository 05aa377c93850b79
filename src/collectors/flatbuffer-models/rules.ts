import type { FindingRule } from '../../core/finding.ts';

export const fileOperator: FindingRule = {
  id: 'MLB-TFL-101',
  severity: 'high',
  cwe: 73,
  title: 'TensorFlow Lite model with operators that read or write files',
  why: 'Running the model with the Flex delegate reads or writes files whose names the model gives.',
  fix: 'Run it without the Flex delegate, or in a sandbox that has no files to lose.',
  references: ['https://www.tensorflow.org/lite/guide/ops_select'],
};

export const flexOperator: FindingRule = {
  id: 'MLB-TFL-102',
  severity: 'low',
  cwe: 829,
  title: 'TensorFlow Lite model that needs operators of TensorFlow',
  why: 'The Flex delegate brings all of TensorFlow into the process, with its larger surface.',
  fix: 'Convert the model with built-in operators where that is possible.',
  references: ['https://www.tensorflow.org/lite/guide/ops_select'],
};

export const customOperator: FindingRule = {
  id: 'MLB-TFL-103',
  severity: 'medium',
  cwe: 829,
  title: 'Model that needs custom operators',
  why: 'Running it needs native code from elsewhere that is registered under these names.',
  fix: 'Review where the library with these operators comes from, and add it to the bill of materials.',
  references: ['https://www.tensorflow.org/lite/guide/ops_custom'],
};

export const flatbufferRules: readonly FindingRule[] = [fileOperator, flexOperator, customOperator];

/** TensorFlow's operators that touch files or run Python, without `Flex` before their names. */
export const fileOperators: ReadonlySet<string> = new Set([
  'EagerPyFunc',
  'LoadDataset',
  'MatchingFiles',
  'MergeV2Checkpoints',
  'PyFunc',
  'PyFuncStateless',
  'ReadFile',
  'Restore',
  'RestoreSlice',
  'RestoreV2',
  'Save',
  'SaveDataset',
  'SaveSlices',
  'SaveV2',
  'WriteFile',
]);
