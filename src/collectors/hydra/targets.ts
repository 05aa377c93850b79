import type { JsonValue } from '../../core/json.ts';
import { isObject } from '../../core/json.ts';

/** Frameworks whose classes configurations name all the time; a name in them is still refused when it is dangerous. */
const usual = [
  'nemo',
  'nemo_text_processing',
  'megatron',
  'torch',
  'torchvision',
  'torchaudio',
  'torchmetrics',
  'pytorch_lightning',
  'lightning',
  'lightning_fabric',
  'transformers',
  'diffusers',
  'peft',
  'accelerate',
  'datasets',
  'tokenizers',
  'hydra',
  'omegaconf',
  'apex',
  'sentencepiece',
  'monai',
  'timm',
  'ldm',
  'sgm',
  'detectron2',
  'mmdet',
  'mmcv',
  'sklearn',
  'keras',
  'tensorflow',
  'xgboost',
  'lightgbm',
  'wandb',
] as const;

/** Modules that reach the system, and names that do so wherever they are. */
const dangerous =
  /^(?:os|posix|nt|sys|subprocess|builtins|__builtin__|importlib|runpy|shutil|socket|ctypes|pty|code|pickle|dill|joblib|marshal|types|webbrowser|urllib|http|requests|multiprocessing|asyncio|platform|tempfile|pathlib|io|commands|pip|setuptools|site|torch\.(?:load|hub|ops|utils\.cpp_extension)|numpy\.(?:load|f2py|testing)|pandas\.(?:read_pickle|eval)|hydra\.utils\.(?:get_method|get_class|get_object|instantiate|call)|operator\.(?:attrgetter|methodcaller)|functools\.(?:partial|reduce))(?:\.|$)|(?:^|\.)(?:eval|exec|execfile|compile|system|popen|spawn\w*|open|__import__|getattr|setattr|load_library|import_module|__\w+__)(?:\.|$)/;

export type Judgement = 'usual' | 'dangerous' | 'foreign' | 'computed';

/** What a `_target_` is about, by its name alone. */
export function judge(target: string): Judgement {
  if (target.includes('${')) return 'computed';
  if (dangerous.test(target)) return 'dangerous';
  const first = target.split('.', 1)[0] ?? '';
  return (usual as readonly string[]).includes(first) ? 'usual' : 'foreign';
}

/** Objects in objects that are looked into, and targets of one document. */
const bounds = { depth: 64, targets: 10_000 };

/** Every `_target_` and NeMo's `target`, with the dotted place where it stands. */
export function targetsIn(document: JsonValue): { target: string; at: string }[] {
  const found: { target: string; at: string }[] = [];
  function visit(value: JsonValue, at: string, depth: number): void {
    if (depth > bounds.depth || found.length >= bounds.targets) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, `${at}[${index}]`, depth + 1);
      return;
    }
    if (!isObject(value)) return;
    for (const [name, member] of Object.entries(value)) {
      const place = at === '' ? name : `${at}.${name}`;
      const isTarget = name === '_target_' || (name === 'target' && depth === 0) || name === 'cls';
      if (
        isTarget &&
        typeof member === 'string' &&
        /^[\w.${}:]+$/.test(member) &&
        (name !== 'cls' || member.includes('.'))
      )
        found.push({ target: member, at: place });
      else visit(member, place, depth + 1);
    }
  }
  visit(document, '', 0);
  return found;
}
