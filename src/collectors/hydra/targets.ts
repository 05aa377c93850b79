import type { JsonObject, JsonValue } from '../../core/json.ts';
import { isObject } from '../../core/json.ts';
import { isDangerousTarget } from '../dangerous-targets.ts';

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

/** A name as Python imports it. */
const plainName = /^[\w.:]+$/;
/** The same, or one with interpolations: other keys than `_target_` hold texts of all kinds. */
const named = /^[\w.${}:]+$/;

export type Judgement = 'usual' | 'dangerous' | 'foreign' | 'computed';

/** What a `_target_` is about, by its name alone. */
export function judge(target: string): Judgement {
  if (!plainName.test(target)) return 'computed';
  if (isDangerousTarget(target)) return 'dangerous';
  const first = target.split('.', 1)[0] ?? '';
  return (usual as readonly string[]).includes(first) ? 'usual' : 'foreign';
}

/** Objects in objects that are looked into, and targets of one document. */
const bounds = { depth: 64, targets: 10_000 };

/**
 * Every `_target_`, with the dotted place where it stands; of a document of NeMo its `target`, and of other ones a
 * dangerous `target` beside `params`, as latent diffusion has them.
 */
export function targetsIn(document: JsonValue, isNemo: boolean): { target: string; at: string }[] {
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
      if (typeof member !== 'string') visit(member, place, depth + 1);
      else if (isTarget(name, member, value, isNemo && depth === 0))
        found.push({ target: member, at: place });
    }
  }
  visit(document, '', 0);
  return found;
}

function isTarget(name: string, text: string, around: JsonObject, isNemo: boolean): boolean {
  // `???` is OmegaConf's mark for a value that is still to be given.
  if (name === '_target_') return text !== '' && text !== '???';
  if (name === 'cls') return text.includes('.') && named.test(text);
  if (name !== 'target' || !named.test(text)) return false;
  return isNemo || (Object.hasOwn(around, 'params') && judge(text) === 'dangerous');
}
