import type { Item } from '../core/inventory.ts';
import type { Things } from './things.ts';

/** The packages that read or run a format, or that a card names as its library; any that is there serves. */
const packages: Readonly<Record<string, readonly string[]>> = {
  transformers: ['pypi/transformers'],
  'sentence-transformers': ['pypi/sentence-transformers'],
  diffusers: ['pypi/diffusers'],
  peft: ['pypi/peft'],
  spacy: ['pypi/spacy'],
  mlx: ['pypi/mlx'],
  nemo: ['pypi/nemo-toolkit'],
  flax: ['pypi/flax'],
  jax: ['pypi/jax'],
  pytorch: ['pypi/torch'],
  torch: ['pypi/torch'],
  torchscript: ['pypi/torch'],
  safetensors: ['pypi/safetensors'],
  onnx: ['pypi/onnxruntime', 'pypi/onnxruntime-gpu', 'npm/onnxruntime-node', 'npm/onnxruntime-web'],
  gguf: ['pypi/llama-cpp-python', 'npm/node-llama-cpp'],
  keras: ['pypi/keras'],
  'keras-h5': ['pypi/keras'],
  tensorflow: ['pypi/tensorflow'],
  'tensorflow-saved-model': ['pypi/tensorflow'],
  tflite: ['pypi/ai-edge-litert', 'pypi/tflite-runtime', 'pypi/tensorflow'],
  tfjs: ['npm/%40tensorflow/tfjs'],
  sklearn: ['pypi/scikit-learn'],
  'scikit-learn': ['pypi/scikit-learn'],
  joblib: ['pypi/joblib'],
  skops: ['pypi/skops'],
  xgboost: ['pypi/xgboost'],
  lightgbm: ['pypi/lightgbm'],
  catboost: ['pypi/catboost'],
  openvino: ['pypi/openvino'],
  'tensorrt-engine': ['pypi/tensorrt'],
};

/** Where a model says what it is made for. */
const attributes = new Set(['mlbom:model:library', 'mlbom:model:format']);

/** The refs of the packages in the artifact that the model needs, by its library and its format. */
export function runtimeOf(model: Item, path: string, find: Things['find']): string[] {
  const named = model.attributes.flatMap(({ name, value }) =>
    attributes.has(name) && typeof value === 'string' ? value.toLowerCase().split(/[, ]+/) : [],
  );
  const refs = named.flatMap((name) =>
    (Object.hasOwn(packages, name) ? (packages[name] ?? []) : []).flatMap(
      (each) => find({ name: each, purl: `pkg:${each}` }, path) ?? [],
    ),
  );
  return [...new Set(refs)].sort();
}
