import type { Files } from '../../fixtures/model-directory.ts';

const features = {
  text: { dtype: 'string', _type: 'Value' },
  label: { names: ['bug', 'question'], _type: 'ClassLabel' },
};

export const card = `---
license: cc-by-4.0
pretty_name: Support tickets
language: [en]
size_categories: [1K<n<10K]
task_categories: [text-classification]
source_datasets: [original, extended|acme/raw-tickets]
classification: confidential
sensitive_data: [PII]
owners: Acme
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names: {'0': bug, '1': question}
  splits:
  - {name: train, num_bytes: 100, num_examples: 8}
  - {name: test, num_bytes: 20, num_examples: 2}
  download_size: 60
---
# Support tickets
`;

export const files: Files = {
  'tickets/README.md': card,
  'tickets/dataset_infos.json': JSON.stringify({
    default: { features, splits: { train: { name: 'train', num_examples: 8, num_bytes: 100 } } },
  }),
  'tickets/tickets.py': 'import datasets\n\nclass Tickets(datasets.GeneratorBasedBuilder):\n    pass\n',
  'saved/train/dataset_info.json': JSON.stringify({ description: 'Tickets', features, license: 'mit' }),
  'saved/train/state.json': JSON.stringify({
    _data_files: [{ filename: 'data-00000-of-00001.arrow' }, { filename: '../../elsewhere.arrow' }],
    _fingerprint: '9f9d31019de7d955',
    _split: null,
  }),
};

/** The beginning of a description does not always say what it is; a script is one until its class. */
export const readsCuts = Object.keys(files);

export const findings: Readonly<Record<string, readonly string[]>> = {
  'tickets/tickets.py': ['MLB-DAT-002'],
};
