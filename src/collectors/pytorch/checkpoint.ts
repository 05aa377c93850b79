import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import type { PickleValue } from '../../formats/pickle/value.ts';
import type { PytorchObject } from '../../formats/pytorch-object.ts';
import type { AttributeList } from '../attributes.ts';

/** Counters that trainers keep beside the weights. */
const counters = ['epoch', 'global_step', 'step', 'iteration'] as const;
/** Names of hyperparameters that are listed; their values may be anything, and stay in the file. */
const mostNames = 100;

/** What a checkpoint says of itself beside its tensors: Lightning's record, Ultralytics' licence, counters, classes. */
export function addCheckpoint(object: PytorchObject, observed: AttributeList, declared: AttributeList): void {
  const { members, classes, root } = object;
  if (root !== undefined)
    observed.add('modelArchitecture', root.slice(root.lastIndexOf('.') + 1), 'data.pkl');
  for (const name of classes.slice(0, limits.pytorchClasses)) observed.add('mlbom:model:classes', name);
  const lightning = textOf(members.get('pytorch-lightning_version'));
  if (lightning !== undefined) {
    declared.add('mlbom:model:producer', `pytorch-lightning ${lightning}`, 'pytorch-lightning_version');
  }
  for (const name of counters) {
    const value = members.get(name);
    if (value?.kind === 'int') declared.add('mlbom:model:header', `${name}=${value.value}`, name);
  }
  const names = keysOf(members.get('hyper_parameters'));
  if (names.length > 0) {
    const listed = names.slice(0, mostNames).join(',');
    declared.add(
      'mlbom:model:header',
      `hyper_parameters=${shortened(listed, limits.provenanceText)}`,
      'hyper_parameters',
    );
  }
  // Ultralytics: `AGPL-3.0 License (https://ultralytics.com/license)`.
  const license = textOf(members.get('license'))?.split(' (')[0];
  declared.add('license', license === undefined ? undefined : { license }, 'license');
}

function textOf(value: PickleValue | undefined): string | undefined {
  return value?.kind === 'text' && value.value.trim() !== '' ? value.value : undefined;
}

/** Lightning keeps a dict, or a subclass of it, which a pickle calls and fills. */
function keysOf(value: PickleValue | undefined): string[] {
  const entries = value?.kind === 'dict' || value?.kind === 'call' ? (value.entries ?? []) : [];
  return entries.flatMap(([key]) => (key.kind === 'text' ? key.value : [])).sort();
}
