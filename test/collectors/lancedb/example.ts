import type { Files } from '../../fixtures/model-directory.ts';
import { writeLanceFile, writeLanceManifest } from '../../fixtures/table-writers.ts';

const fields = [
  ['id', 'int64'],
  ['vector', 'fixed_size_list:float:384'],
] as const;

export const files: Files = {
  'docs.lance/_versions/2.manifest': writeLanceManifest({ fields, version: 2, fragments: [[30, 1]] }),
  'docs.lance/data/a.lance': writeLanceFile(fields, 30),
};
