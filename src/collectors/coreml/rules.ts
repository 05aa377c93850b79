import type { FindingRule } from '../../core/finding.ts';

export const customClass: FindingRule = {
  id: 'MLB-COR-001',
  severity: 'medium',
  cwe: 829,
  title: 'Core ML model that needs a class of the application',
  why: 'A custom layer or model runs code of the class with this name, wherever the application takes it from.',
  fix: 'Review the class, and add the library that brings it to the bill of materials.',
  references: ['https://developer.apple.com/documentation/coreml/mlcustomlayer'],
};

export const escapingBlob: FindingRule = {
  id: 'MLB-COR-002',
  severity: 'high',
  cwe: 22,
  title: 'Core ML model whose weights lie outside its package',
  why: 'Loading the model reads a file that it names by a path which leaves its own directory.',
  fix: 'Put the weights into the package, and refuse paths that leave it.',
};

export const coremlRules: readonly FindingRule[] = [customClass, escapingBlob];
