import { isDangerousTarget } from '../dangerous-targets.ts';

/** Packages whose classes come with Keras or are its own extensions. */
const kerasPackages = new Set([
  'keras',
  'keras_core',
  'keras_cv',
  'keras_hub',
  'keras_nlp',
  'keras_rs',
  'tf_keras',
]);

/** True for `keras.layers` and its like, also under TensorFlow's names for it. */
export function isKerasModule(module: string): boolean {
  return (
    kerasPackages.has(module.split('.')[0] ?? '') || /^tensorflow\.(?:python\.)?keras(?:\.|$)/.test(module)
  );
}

/** True for a package of `@register_keras_serializable(package=…)` that is one of Keras's own: `keras_hub>Backbone`. */
export function isKerasPackage(registered: string): boolean {
  return kerasPackages.has(registered);
}

/** Modules of Python that reach files, processes, the network or the interpreter. */
const harmful = new Set([
  '_io',
  'bdb',
  'builtins',
  'cloudpickle',
  'code',
  'codecs',
  'commands',
  'ctypes',
  'dill',
  'distutils',
  'ftplib',
  'functools',
  'glob',
  'http',
  'imp',
  'importlib',
  'inspect',
  'io',
  'joblib',
  'linecache',
  'marshal',
  'multiprocessing',
  'nt',
  'ntpath',
  'operator',
  'os',
  'pathlib',
  'pdb',
  'pickle',
  'pip',
  'pkgutil',
  'posix',
  'posixpath',
  'profile',
  'pty',
  'pydoc',
  'requests',
  'runpy',
  'setuptools',
  'shelve',
  'shutil',
  'site',
  'smtplib',
  'socket',
  'sqlite3',
  'subprocess',
  'sys',
  'tarfile',
  'tempfile',
  'timeit',
  'types',
  'urllib',
  'venv',
  'webbrowser',
  'xmlrpc',
  'zipfile',
]);

export function isHarmfulModule(module: string): boolean {
  return harmful.has(module.split('.')[0] ?? '');
}

/** True for `numpy` and `load`, and for a name that has its module in front: `torch.load`. */
export function isHarmfulMember(module: string | undefined, name: string): boolean {
  if (module === undefined) return name.includes('.') && isDangerousTarget(name);
  if (isKerasModule(module)) return false;
  return isDangerousTarget(`${module}.${name}`);
}

/** What Keras writes for a plain function of its own: `{"module": "builtins", "class_name": "function"}`. */
const harmfulBuiltins = new Set([
  '__import__',
  'breakpoint',
  'compile',
  'delattr',
  'eval',
  'exec',
  'getattr',
  'globals',
  'input',
  'locals',
  'open',
  'setattr',
  'vars',
]);

export function isHarmfulBuiltin(name: string): boolean {
  return harmfulBuiltins.has(name);
}

/** Functions of Keras that fetch, unpack, load or write, or that turn its protection off. */
const harmfulFunctions = new Set([
  'deserialize_keras_object',
  'enable_unsafe_deserialization',
  'extract_archive',
  'func_load',
  'get_file',
  'load_img',
  'load_model',
  'load_weights',
  'model_from_json',
  'save_model',
  'save_weights',
  'set_global_attribute',
]);

export function isHarmfulFunction(name: string): boolean {
  return harmfulFunctions.has(name);
}
