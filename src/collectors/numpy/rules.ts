import type { FindingRule } from '../../core/finding.ts';

export const oddHeader: FindingRule = {
  id: 'MLB-NPY-001',
  severity: 'medium',
  cwe: 436,
  title: 'Header of an array that readers read differently',
  why: 'NumPy may take elements for Python objects, and unpickle them, that other readers do not see.',
  fix: 'Write the array again with numpy.save, and load it with allow_pickle=False.',
  references: ['CVE-2019-6446'],
};

export const numpyRules: readonly FindingRule[] = [oddHeader];
