import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'tables/train.csv': 'id,text\n1,"a, b"\n2,c\n',
  'tables/train.tsv': 'id\ttext\n1\ta\n',
  'tables/train.jsonl': '{"id":1,"text":"a"}\n{"id":2,"text":"b"}\n',
};

/** Rows are lines: what is there of them is read. */
export const readsCuts = Object.keys(files);
