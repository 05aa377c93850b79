/** What a name promises of the content. */
export interface NamePromise {
  /** Formats (`formats/recognise.ts`) that the name allows. */
  readonly allows: ReadonlySet<string>;
  /** True where one of them has to be there; false where content without a known signature may be right too. */
  readonly strict: boolean;
}

const packed = ['gzip', 'zlib', 'zstd', 'xz', 'lzma', 'bzip2', 'lz4'];
/** A pointer in the place of a large file has that file's name. */
const pointer = 'lfs-pointer';

const strict = {
  safetensors: ['safetensors'],
  gguf: ['gguf'],
  npy: ['npy'],
  npz: ['zip'],
  h5: ['hdf5'],
  hdf5: ['hdf5'],
  keras: ['zip', 'hdf5'],
  parquet: ['parquet'],
  skops: ['zip'],
};

const torch = ['zip', 'pickle', 'tar'];
const pickled = ['pickle', 'zip', 'npy', ...packed];

const loose = {
  onnx: ['onnx'],
  tflite: ['tflite'],
  ort: ['onnx-runtime'],
  pt: [...torch, 'safetensors'],
  pth: torch,
  ckpt: [...torch, 'hdf5'],
  bin: [
    ...torch,
    'ggml',
    'gguf',
    'safetensors',
    'onnx',
    'parquet',
    'arrow',
    'npy',
    ...packed,
    'png',
    'jpeg',
    'hdf5',
    'tflite',
  ],
  pkl: pickled,
  pickle: pickled,
  dill: pickled,
  joblib: pickled,
  json: [],
  jsonl: ['gzip', 'zstd'],
  yaml: [],
  yml: [],
  md: [],
  jinja: [],
  csv: ['gzip', 'zstd', 'xz', 'bzip2'],
  txt: ['gzip'],
};

/** By extension, in lower case. */
export const promises: ReadonlyMap<string, NamePromise> = new Map([
  ...Object.entries(strict).map(([name, allows]) => [name, promise(allows, true)] as const),
  ...Object.entries(loose).map(([name, allows]) => [name, promise(allows, false)] as const),
]);

function promise(allows: readonly string[], isStrict: boolean): NamePromise {
  return { allows: new Set([...allows, pointer]), strict: isStrict };
}

/** Names for text, for which only content that something loads or runs is a finding: a text may begin like anything else. */
export const textNames: ReadonlySet<string> = new Set([
  'json',
  'jsonl',
  'yaml',
  'yml',
  'md',
  'jinja',
  'csv',
  'txt',
]);

/** What a loader would take a text for, if it were told to. */
export const loadedFormats: ReadonlySet<string> = new Set(['pickle', 'zip', 'hdf5', '7z', 'rar']);
