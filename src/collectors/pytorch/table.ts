import { dtypeName } from '../../core/dtype.ts';
import type { ByteRange, Entry } from '../../core/entry.ts';
import type { DeclaredTensor } from '../../core/fact.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import type { NamedTensor, PytorchObject } from '../../formats/pytorch-object.ts';
import { outsideStorage } from './rules.ts';

/** Where a storage lies: its range in the file where it is stored plainly, and how many bytes it has. */
export interface StoragePlace {
  readonly bytes: number;
  readonly range?: ByteRange;
}

export interface PytorchTable {
  readonly tensors: readonly DeclaredTensor[];
  /** Tensors that are state of the training and no parameters. */
  readonly training: number;
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
}

/** What trainers keep beside the model in the outermost dict. */
const trainingState =
  /^(?:optim|lr_sched|sched|callbacks|loops|amp$|scaler|grad_scaler|native_amp|rng|cuda_rng|torch_rng|random_rng|train_loader|sampler|criterion|early_stop)/i;
/** Names under which checkpoints keep the model itself. */
const wrappers = new Set([
  'state_dict',
  'model_state_dict',
  'model',
  'module',
  'net',
  'network',
  'params',
  'weights',
]);
/** Findings and problems of one kind that are told one by one. */
const most = 8;

/** The tensors at their places, under the names that the model knows them by. */
export function pytorchTable(
  entry: Entry,
  object: PytorchObject,
  places: ReadonlyMap<string, StoragePlace>,
): PytorchTable {
  const weights = object.tensors.filter((tensor) => !isTraining(tensor, object));
  const tops = new Set(weights.map(({ top }) => top));
  const [only = ''] = tops;
  const isWrapped = tops.size === 1 && wrappers.has(only) && weights.every(({ rest }) => rest !== '');
  const outside: NamedTensor[] = [];
  const missing = new Set<string>();
  const tensors = weights.map((tensor): DeclaredTensor => {
    const { dtype, shape, storage, begin, end, length, top, rest } = tensor;
    const name = isWrapped ? rest : [top, rest].filter((part) => part !== '').join('.');
    const described = { name: name || 'tensor', dtype: dtypeName(dtype), shape };
    const place = storage && places.get(storage.key);
    if (storage && !place) missing.add(storage.key);
    if (storage && (end > storage.bytes || (place && storage.bytes > place.bytes))) outside.push(tensor);
    else if (place?.range && length > 0) {
      return { ...described, path: entry.path, offset: place.range.offset + begin, length };
    }
    return { ...described, offset: 0, length: 0 };
  });
  return {
    tensors,
    training: object.tensors.length - weights.length,
    findings: outside.slice(0, most).map((tensor) => beyond(entry, tensor, places)),
    problems: [...missing]
      .slice(0, most)
      .map((key) =>
        incomplete('pytorch-storage', entry.path, `the storage ${key.slice(0, 80)} is not in the file`),
      ),
  };
}

/** A file of its own for the optimizer has `state` and `param_groups` outermost. */
function isTraining({ top, rest }: NamedTensor, { members }: PytorchObject): boolean {
  if (top === 'state' && members.has('param_groups')) return true;
  return rest !== '' && trainingState.test(top);
}

function beyond(
  entry: Entry,
  { top, rest, end, storage }: NamedTensor,
  places: ReadonlyMap<string, StoragePlace>,
): Finding {
  const name = [top, rest]
    .filter((part) => part !== '')
    .join('.')
    .slice(0, 200);
  const there = Math.min(storage?.bytes ?? 0, places.get(storage?.key ?? '')?.bytes ?? 0);
  const needed = Math.max(end, storage?.bytes ?? 0);
  const message = `${name || 'the tensor'} needs ${needed} bytes of its storage, which has ${there}`;
  return finding(outsideStorage, entry.path, message, { symbol: name });
}
