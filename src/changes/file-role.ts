import { propertyValues, type Part } from './part.ts';

/** What a part is to whoever runs the model. */
export type FileRole = 'weights' | 'configuration' | 'code' | 'dataset' | 'other';

const weightsEndings =
  /\.(?:safetensors|gguf|ggml|onnx|onnx_data|onnx\.data|pt|pth|pt2|bin|ckpt|h5|hdf5|keras|pb|tflite|task|litertlm|mlmodel|mlpackage|msgpack|npz|npy|joblib|pkl|pickle|dill|engine|plan|trt|neff|nemo|llamafile|pdparams|pdiparams|caffemodel|params|weights|ort|mnn|ncnn|rten|gptq|exl2)$/i;
const weightsMimeTypes =
  /^application\/(?:vnd\.safetensors|(?:x-|vnd\.)?gguf|(?:x-|vnd\.)?onnx|(?:x-)?hdf5?|x-pytorch|x-pickle|(?:vnd\.)?tflite|octet-stream\+weights)/;
const weightsFormats =
  /^(?:safetensors|gguf|ggml|onnx|onnx-data|pickle|torch|torch-zip|pytorch|keras|hdf5|tflite|tensorflow|saved-model|tensorrt|neff|npz|joblib|coreml)/;
const configurationNames =
  /(?:^|\/)(?:[^/]*config[^/]*\.(?:json|ya?ml|toml)|tokenizer[^/]*|[^/]*tokenizer\.[^/]*|(?:added|special)_tokens[^/]*|vocab[^/]*|merges\.txt|chat_template[^/]*|[^/]*\.jinja2?|[^/]*\.index\.json|[^/]*\.(?:model|tiktoken|spm)|Modelfile|params|template|system|modules\.json|processor[^/]*)$/i;
const codeEndings =
  /\.(?:py|pyc|pyd|ipynb|so(?:\.\d+)*|dll|dylib|exe|sh|bash|ps1|bat|js|mjs|cjs|wasm|cu|ptx|cubin|jar|class|whl|lua)$/i;
const textEndings = /\.(?:md|txt|json|ya?ml|toml|jinja2?|html|csv|png|jpe?g|gif|svg|webp|pdf|license)$/i;

/**
 * Decides by what the BOM says of the content (tensor root, format, media type), then by name; a file of unknown kind
 * that a nested model lists as its own counts as weights, because a BOM nests under such a model what makes it up.
 */
export function fileRole(part: Part): FileRole {
  if (part.type === 'machine-learning-model') return 'weights';
  if (isDatasetPart(part)) return 'dataset';
  if (part.type !== 'file') return 'other';
  if (saysWeights(part)) return 'weights';
  // Linux ends names at 255 bytes; a name of a megabyte must not cost its square.
  const path = (part.path ?? part.name).slice(-512);
  if (codeEndings.test(path)) return 'code';
  if (configurationNames.test(path)) return 'configuration';
  if (weightsEndings.test(path)) return 'weights';
  const ofModel = part.parent?.type === 'machine-learning-model' && part.parent.role !== 'subject';
  return ofModel && !textEndings.test(path) && path.includes('.') ? 'weights' : 'other';
}

function saysWeights(part: Part): boolean {
  const [format = ''] = propertyValues(part, 'mlbom:file:format');
  const mimeType = part.component['mime-type'];
  return (
    propertyValues(part, 'mlbom:file:tensor-root').length > 0 ||
    propertyValues(part, 'mlbom:model:format').length > 0 ||
    weightsFormats.test(format) ||
    (typeof mimeType === 'string' && weightsMimeTypes.test(mimeType))
  );
}

function isDatasetPart(part: Part): boolean {
  for (let at: Part | undefined = part; at; at = at.parent) if (at.type === 'data') return true;
  return false;
}

/** ` (shard 2 of 3)` for the names that the Hub, GGUF and Megatron give to parts. */
export function shardNote(path: string): string {
  const [, number, count] = /(\d{1,6})-of-(\d{1,6})(?!\d)/.exec(path) ?? [];
  return number === undefined ? '' : ` (shard ${Number(number)} of ${Number(count)})`;
}
