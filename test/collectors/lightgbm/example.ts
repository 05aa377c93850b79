import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'trees/lightgbm.txt': `tree
version=v4
num_class=1
max_feature_idx=3
objective=binary sigmoid:1
feature_names=a b c d

Tree=0
num_leaves=2
`,
};

/** What stands before the trees is all that is read. */
export const readsCuts = Object.keys(files);
