import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'merged/mergekit_config.yml': `merge_method: slerp
base_model: example-org/base
slices:
  - sources:
      - {model: example-org/base, layer_range: [0, 32]}
      - {model: example-org/support, layer_range: [0, 32]}
parameters:
  t: 0.5
dtype: bfloat16
`,
};

/** YAML that ends early is shorter YAML. */
export const readsCuts = Object.keys(files);
