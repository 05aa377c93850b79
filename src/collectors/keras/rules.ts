import type { FindingRule } from '../../core/finding.ts';

const trusted =
  'Load it only when its author is trusted, in a sandbox, or rebuild the model from reviewed code and load weights alone.';

/** A lambda in HDF5: `safe_mode` was ignored there until Keras 3.11.3, and in all of TF-Keras. */
export const lambdaInHdf5: FindingRule = {
  id: 'MLB-KER-001',
  severity: 'critical',
  cwe: 502,
  title: 'Compiled Python code in a Keras HDF5 model',
  why: 'Loading the model unmarshals and runs the bytecode of the lambda; safe_mode does not cover HDF5 files.',
  fix: trusted,
  references: ['CVE-2025-9905', 'CVE-2024-3660'],
};

export const lambdaInConfig: FindingRule = {
  id: 'MLB-KER-002',
  severity: 'high',
  cwe: 502,
  title: 'Compiled Python code in a Keras model',
  why: 'Loading the model with safe_mode off, or with a Keras that has none, unmarshals and runs the bytecode of the lambda.',
  fix: trusted,
  references: ['CVE-2024-3660', 'CVE-2025-9906'],
};

export const harmfulModule: FindingRule = {
  id: 'MLB-KER-003',
  severity: 'critical',
  cwe: 502,
  title: 'Keras model that names a Python module for files, processes or code',
  why: 'Keras before 3.9 imports the module that the configuration names and calls what it finds there.',
  fix: trusted,
  references: ['CVE-2025-1550'],
};

export const harmfulFunction: FindingRule = {
  id: 'MLB-KER-004',
  severity: 'critical',
  cwe: 502,
  title: 'Keras model that calls a function of Keras for downloads, loading or turning off its protection',
  why: 'The function runs while the model is loaded: it can write files, load another model or let lambdas run.',
  fix: trusted,
  references: ['CVE-2025-8747', 'CVE-2025-9906'],
};

export const savedModelLayer: FindingRule = {
  id: 'MLB-KER-005',
  severity: 'high',
  cwe: 829,
  title: 'Keras layer that loads a SavedModel from a path',
  why: 'TFSMLayer runs a TensorFlow graph from another place, which can read and write files.',
  fix: 'Make sure what lies at the path, or replace the layer.',
  references: ['CVE-2026-1462'],
};

export const torchWrapper: FindingRule = {
  id: 'MLB-KER-006',
  severity: 'critical',
  cwe: 502,
  title: 'Keras layer that unpickles a PyTorch module',
  why: 'TorchModuleWrapper restores its module with torch.load, which runs what the pickle says.',
  fix: trusted,
  references: ['CVE-2025-49655'],
};

export const customObject: FindingRule = {
  id: 'MLB-KER-007',
  severity: 'medium',
  cwe: 829,
  title: 'Keras model that needs code from elsewhere',
  why: 'The class or function is none of Keras: loading imports it from a package or needs code that came with the model.',
  fix: 'Review the code that defines it before it is registered or imported.',
  references: ['https://keras.io/guides/serialization_and_saving/'],
};

export const vocabularyFile: FindingRule = {
  id: 'MLB-KER-008',
  severity: 'high',
  cwe: 73,
  title: 'Keras layer that reads its vocabulary from a path',
  why: 'Loading reads the file or address and keeps its lines in the model, from which they can be taken.',
  fix: 'Put the vocabulary into the model as a list, or into its assets.',
  references: ['CVE-2025-12058'],
};

export const externalData: FindingRule = {
  id: 'MLB-KER-009',
  severity: 'high',
  cwe: 73,
  title: 'HDF5 file that takes data from other files',
  why: 'Reading follows external links, external storage and virtual datasets to any file that the process may read.',
  fix: 'Copy the data into the file, and refuse files that point elsewhere.',
  references: ['CVE-2026-1669'],
};

export const notExamined: FindingRule = {
  id: 'MLB-KER-010',
  severity: 'medium',
  cwe: 1059,
  title: 'Keras configuration that cannot be examined',
  why: 'It is malformed, too large or kept where it is not read, so that no rule can say what loading would do.',
  fix: 'Save the model again with a current Keras, or refuse it.',
};

export const declaredSize: FindingRule = {
  id: 'MLB-KER-011',
  severity: 'medium',
  cwe: 400,
  title: 'Dataset that declares far more than it stores',
  why: 'Loading allocates what the shape declares, which can exhaust memory.',
  fix: 'Refuse the file, or load it under a memory limit.',
  references: ['CVE-2026-0897'],
};

export const kerasRules: readonly FindingRule[] = [
  lambdaInHdf5,
  lambdaInConfig,
  harmfulModule,
  harmfulFunction,
  savedModelLayer,
  torchWrapper,
  customObject,
  vocabularyFile,
  externalData,
  notExamined,
  declaredSize,
];
