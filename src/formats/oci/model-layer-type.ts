import { layerKindOf } from './media-types.ts';

/** What a layer is for. */
export type ModelLayerRole =
  | 'weights'
  | 'adapter'
  | 'projector'
  | 'config'
  | 'doc'
  | 'code'
  | 'dataset'
  | 'license'
  | 'template'
  | 'system'
  | 'parameters'
  | 'messages'
  | 'file';

/** What a media type says of a layer. */
export interface ModelLayerType {
  readonly role: ModelLayerRole;
  readonly form: 'file' | 'tar';
  /** A name for it where nobody gives one, in two parts. */
  readonly stem?: string;
  readonly extension?: string;
  /** Several of them are parts of one model. */
  readonly isShard?: true;
}

const gguf: ModelLayerType = file('weights', 'model', '.gguf', true);
const safetensors: ModelLayerType = file('weights', 'model', '.safetensors', true);

/** Docker's model-spec (spec.md) and what its model runner adds (pkg/distribution/types). */
const docker: Readonly<Record<string, ModelLayerType>> = {
  'chat.template.jinja': file('template', 'chat_template', '.jinja'),
  dduf: file('weights', 'model', '.dduf'),
  'dir.tar': { role: 'config', form: 'tar' },
  'gguf.v3': gguf,
  'gguf.v3.lora': file('adapter', 'adapter', '.gguf'),
  'gguf.v3.mmproj': file('projector', 'mmproj', '.gguf'),
  license: file('license', 'LICENSE', ''),
  mmproj: file('projector', 'mmproj', '.gguf'),
  'model.file': file('file', 'file', ''),
  safetensors,
  'vllm.config.tar': { role: 'config', form: 'tar' },
};

/** Ollama's layers; the directory tells its collector whose they are. */
const ollama: Readonly<Record<string, ModelLayerType>> = {
  adapter: file('adapter', 'adapter', '.gguf'),
  draft: file('weights', 'draft', '.gguf'),
  embed: file('file', 'ollama/embed', ''),
  json: file('config', 'ollama/config', '.json'),
  license: file('license', 'ollama/license', ''),
  messages: file('messages', 'ollama/messages', ''),
  model: gguf,
  params: file('parameters', 'ollama/params', ''),
  projector: file('projector', 'mmproj', '.gguf'),
  prompt: file('template', 'ollama/prompt', ''),
  system: file('system', 'ollama/system', ''),
  template: file('template', 'ollama/template', ''),
  tensor: file('weights', 'tensors/tensor', '.safetensors', true),
};

const cncfRoles: Readonly<Record<string, ModelLayerRole>> = {
  code: 'code',
  dataset: 'dataset',
  doc: 'doc',
  layer: 'file',
  weight: 'weights',
  'weight.config': 'config',
};

const kitopsRoles: Readonly<Record<string, ModelLayerRole>> = {
  code: 'code',
  dataset: 'dataset',
  docs: 'doc',
  model: 'weights',
  modelpart: 'weights',
};

/** What the media type of a layer says (reference: model-spec's mediatype.go, Docker's model-spec, KitOps, Ollama). */
export function modelLayerType(mediaType: string): ModelLayerType | undefined {
  const [, vendor, rest = ''] =
    /^application\/vnd\.(docker\.ai|ollama\.image)\.([a-z0-9.]{1,32})$/.exec(mediaType) ?? [];
  if (vendor === 'docker.ai') return own(docker, rest);
  if (vendor === 'ollama.image') return own(ollama, rest);
  const cncf =
    /^application\/vnd\.(?:cncf|cnai)\.model\.([a-z.]{1,16}?)(?:\.v1)?\.(raw|tar(?:\+gzip|\+zstd)?|gguf|safetensors)$/.exec(
      mediaType,
    );
  if (cncf) return packed(own(cncfRoles, cncf[1] ?? ''), cncf[2] ?? '');
  const kitops = /^application\/vnd\.kitops\.modelkit\.([a-z]{1,16})\.v1\.(raw|tar(?:\+gzip|\+zstd)?)$/.exec(
    mediaType,
  );
  if (kitops) return packed(own(kitopsRoles, kitops[1] ?? ''), kitops[2] ?? '');
  return layerKindOf(mediaType) === 'tar' ? { role: 'file', form: 'tar' } : undefined;
}

/** Docker's model runner once gave ModelPack's types the endings `gguf` and `safetensors`. */
function packed(role: ModelLayerRole | undefined, form: string): ModelLayerType | undefined {
  if (role === undefined) return undefined;
  if (form === 'gguf') return gguf;
  if (form === 'safetensors') return safetensors;
  return form === 'raw' ? { role, form: 'file' } : { role, form: 'tar' };
}

function file(role: ModelLayerRole, stem: string, extension: string, isShard = false): ModelLayerType {
  return { role, form: 'file', stem, extension, ...(isShard ? { isShard: true as const } : {}) };
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
