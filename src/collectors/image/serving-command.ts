import { nameOf } from '../../core/path.ts';
import { plainValue } from './plain-value.ts';

/** What an image runs, without arguments that may be secrets. */
export interface ServingCommand {
  /** `vllm serve example/model --dtype auto …` */
  readonly text: string;
  /** The server of models. */
  readonly serves?: string;
  /** What it is told to load. */
  readonly model?: string;
}

/** Servers by the name of their program. */
const programs: ReadonlyMap<string, string> = new Map(
  Object.entries({
    aphrodite: 'aphrodite-engine',
    bentoml: 'bentoml',
    infinity_emb: 'infinity',
    'llama-server': 'llama.cpp',
    lmdeploy: 'lmdeploy',
    'local-ai': 'localai',
    mlserver: 'mlserver',
    ollama: 'ollama',
    ovms: 'openvino-model-server',
    ray: 'ray',
    sglang: 'sglang',
    tensorflow_model_server: 'tensorflow-serving',
    'tf_serving_entrypoint.sh': 'tensorflow-serving',
    'text-embeddings-router': 'text-embeddings-inference',
    'text-generation-launcher': 'text-generation-inference',
    torchserve: 'torchserve',
    'trtllm-serve': 'tensorrt-llm',
    tritonserver: 'tritonserver',
    vllm: 'vllm',
    'whisper-server': 'whisper.cpp',
    'xinference-local': 'xinference',
  }),
);

/** Servers by the first part of the Python module that is run. */
const modules: ReadonlyMap<string, string> = new Map(
  Object.entries({
    aphrodite: 'aphrodite-engine',
    fastchat: 'fastchat',
    llama_cpp: 'llama-cpp-python',
    lmdeploy: 'lmdeploy',
    mlx_lm: 'mlx-lm',
    sglang: 'sglang',
    tensorrt_llm: 'tensorrt-llm',
    text_generation_server: 'text-generation-inference',
    vllm: 'vllm',
  }),
);

const subcommands = new Set('serve server run start launch launch_server api_server deploy'.split(' '));
/** Subcommands behind which the model stands without a flag. */
const beforeModel = new Set(['serve', 'run', 'api_server']);
const modelFlags = new Set(
  '--model --model-id --model-path --model_path --model-repository --model-store --models --model_base_path --hf-repo -hf'.split(
    ' ',
  ),
);
const flags = new Set([
  ...modelFlags,
  ...'--served-model-name --model_name --revision --quantization --quantize --dtype --load-format --max-model-len --tensor-parallel-size -tp --host --port'.split(
    ' ',
  ),
]);
/** Flags without a value that an auditor asks for. */
const switches = new Set(['--trust-remote-code']);
const leftOut = '…';

/** The command of an image in a form that can be shown, and the server that it starts; undefined for no command. */
export function servingCommand(argv: readonly string[]): ServingCommand | undefined {
  const words = wordsOf(argv);
  if (words.length === 0) return undefined;
  const shown: string[] = [];
  let serves: string | undefined;
  let model: string | undefined;
  for (let at = 0; at < words.length;) {
    serves ??= serverAt(words, at);
    const { show, taken, value } = argumentAt(words, at, serves);
    model ??= value;
    if (show.length > 0) shown.push(...show);
    else if (shown.at(-1) !== leftOut) shown.push(leftOut);
    at += taken;
  }
  return {
    text: shown.slice(0, mostShown).join(' '),
    ...(serves === undefined ? {} : { serves }),
    ...(model === undefined ? {} : { model }),
  };
}

interface Argument {
  /** Words that can be shown; none for what is left out. */
  readonly show: readonly string[];
  /** Words that it takes. */
  readonly taken: number;
  /** The model that it names. */
  readonly value?: string | undefined;
}

function argumentAt(words: readonly string[], at: number, serves: string | undefined): Argument {
  const [before, word = '', after] = [words[at - 1], words[at], words[at + 1]];
  const [, flag = word, attached] = /^(--?[A-Za-z][\w-]*)=(.*)$/s.exec(word) ?? [];
  const isModel = modelFlags.has(flag) || (flag === '-m' && serves === 'llama.cpp');
  if (isModel || flags.has(flag)) {
    const follows = attached === undefined && after !== undefined && !after.startsWith('-');
    const value = plainWord(attached ?? (follows ? after : undefined));
    return { show: [flag, value ?? leftOut], taken: follows ? 2 : 1, ...(isModel ? { value } : {}) };
  }
  if (word === '-m' && isPython(before)) return { show: [word], taken: 1 };
  const plain = plainWord(word);
  if (plain === undefined) return { show: switches.has(word) ? [word] : [], taken: 1 };
  const isModule = before === '-m' && isPython(words[at - 2]);
  const isModelHere = serves !== undefined && beforeModel.has(before ?? '') && !subcommands.has(word);
  const isShown =
    at === 0 ||
    isModule ||
    isModelHere ||
    serverAt(words, at) !== undefined ||
    subcommands.has(word) ||
    isScript(word, at);
  return { show: isShown ? [word] : [], taken: 1, ...(isModelHere ? { value: plain } : {}) };
}

/** Words of a command that are looked at, and shown. */
const mostWords = 1000;
const mostShown = 64;

/** A shell's script in place of a list is cut at white space: enough to find the program that it ends in. */
function wordsOf(argv: readonly string[]): string[] {
  const [first = '', ...rest] = argv.slice(0, mostWords);
  const isShell = /^(?:ba|da|z|a)?sh$/.test(nameOf(first));
  const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (!isShell || at < 0) return first === '' ? [] : [first, ...rest];
  const script = (rest[at + 1] ?? '').slice(0, longestScript);
  const words = script.split(/[\s;&|()'"]+/).filter((word) => word !== '');
  return [first, ...rest.slice(0, at + 1).map(() => leftOut), ...words.slice(0, mostWords)];
}

const longestScript = 8192;

/** By the name of a program that is no argument of another one, or by the module that Python runs. */
function serverAt(words: readonly string[], at: number): string | undefined {
  const [before = '', word = ''] = [words[at - 1], words[at]];
  if (before === '-m' && isPython(words[at - 2])) return modules.get(word.split('.')[0] ?? '');
  return before.startsWith('-') && before !== '--' ? undefined : programs.get(nameOf(word));
}

function isPython(word: string | undefined): boolean {
  return /^python(?:\d+(?:\.\d+)?)?$/.test(nameOf(word ?? ''));
}

/** An image's own script stands at the beginning, behind the program that reads it. */
function isScript(word: string, at: number): boolean {
  return at < 3 && /\.(?:sh|py)$/.test(word);
}

/** A word without a secret in it: a path, a name of a model, a number. */
function plainWord(word: string | undefined): string | undefined {
  if (word === undefined || !/^[\w./][\w.:/+,-]{0,255}$/.test(word)) return undefined;
  return plainValue(word);
}
