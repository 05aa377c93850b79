import type { FindingRule } from '../../core/finding.ts';

const tensorAbuse = 'https://github.com/ZJU-SEC/TensorAbuse';

export const readsFiles: FindingRule = {
  id: 'MLB-TFL-001',
  severity: 'high',
  cwe: 73,
  title: 'The graph reads files',
  why: 'An operator of the graph opens files of the machine that runs the model and can give their content to whoever calls it.',
  fix: 'Find out which files it reads; feed the data in from outside the graph, and keep vocabularies as assets.',
  references: [tensorAbuse],
};

export const writesFiles: FindingRule = {
  id: 'MLB-TFL-002',
  severity: 'high',
  cwe: 73,
  title: 'The graph writes files',
  why: 'An operator of the graph creates or changes files of the machine that runs the model, from which code may run later.',
  fix: 'Do not run the model outside a sandbox; export it again without the operator.',
  references: [tensorAbuse],
};

export const callsPython: FindingRule = {
  id: 'MLB-TFL-003',
  severity: 'high',
  cwe: 94,
  title: 'The graph calls Python functions',
  why: 'The operator runs a function of the Python process that holds the model, by a number that the graph chooses.',
  fix: 'Export the model again with TensorFlow operators in place of the Python function.',
};

export const usesNetwork: FindingRule = {
  id: 'MLB-TFL-004',
  severity: 'high',
  cwe: 918,
  title: 'The graph talks to other machines',
  why: 'An operator of the graph opens connections, over which it can send what the model sees or fetch what it runs.',
  fix: 'Find out whom it talks to; run the model without a network, or export it again without the operator.',
  references: [tensorAbuse],
};

export const foreignOperators: FindingRule = {
  id: 'MLB-TFL-005',
  severity: 'medium',
  cwe: 829,
  title: 'The graph uses operators that TensorFlow does not have',
  why: 'Running the model needs a native library that is loaded beside TensorFlow and is not part of the file.',
  fix: 'Find out which library defines the operators, and put it, with its version and digest, on the bill of materials.',
};

export const assetOutside: FindingRule = {
  id: 'MLB-TFL-006',
  severity: 'high',
  cwe: 22,
  title: "An asset lies outside the model's directory",
  why: 'Loading the model opens the file that the path leads to, on the machine that loads it.',
  fix: 'Export the model again with the file among its assets.',
};

export const tensorflowRules: readonly FindingRule[] = [
  readsFiles,
  writesFiles,
  callsPython,
  usesNetwork,
  foreignOperators,
  assetOutside,
];
