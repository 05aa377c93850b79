import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'axolotl_config.yaml': `base_model: example-org/base
datasets:
  - {path: example-org/support-tickets, type: alpaca}
adapter: lora
lora_r: 16
learning_rate: 0.0002
hf_token: hf_notreally
output_dir: ./out
`,
};

/** YAML that ends early is shorter YAML. */
export const readsCuts = Object.keys(files);
