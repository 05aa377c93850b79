import type { FindingRule } from '../../core/finding.ts';

export const loadingScript: FindingRule = {
  id: 'MLB-DAT-002',
  severity: 'high',
  cwe: 829,
  title: 'A dataset is loaded by a script of its own',
  why: 'The script is Python that `datasets` runs when the dataset is loaded with trust_remote_code, and before version 4 of it in some cases without being asked.',
  fix: 'Publish the data as Parquet files without a script, or review the script and pin its commit.',
  references: ['https://huggingface.co/docs/datasets/dataset_script'],
};
