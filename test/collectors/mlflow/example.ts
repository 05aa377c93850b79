import type { Files } from '../../fixtures/model-directory.ts';

const run = 'mlruns/0/0123456789abcdef0123456789abcdef';

export const files: Files = {
  'mlflow/MLmodel': `artifact_path: model
flavors:
  python_function: {loader_module: mlflow.sklearn, python_version: 3.11.7}
  sklearn: {pickled_model: model.pkl, sklearn_version: 1.5.0}
mlflow_version: 2.20.0
model_uuid: 00112233445566778899aabbccddeeff
run_id: 0123456789abcdef0123456789abcdef
`,
  [`${run}/meta.yaml`]: `run_id: 0123456789abcdef0123456789abcdef
start_time: 1767225600000
end_time: 1767229200000
user_id: alice
`,
  [`${run}/params/learning_rate`]: '3e-5',
  [`${run}/params/hub_token`]: 'hf_notreally',
  [`${run}/tags/mlflow.source.git.commit`]: '0123456789abcdef0123456789abcdef01234567',
};

/** Settings are one value, and a cut one is another value. */
export const readsCuts = Object.keys(files);
