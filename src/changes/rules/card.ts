import type { Change } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import type { Pair } from '../scene.ts';
import { pointersOf, shownItems } from '../shown.ts';

const texts = [
  'description',
  'tags',
  'copyright',
  'property:mlbom:release-date',
  'property:mlbom:training:run',
];

/** What people wrote about a component: one change for all of it. */
export function* cardRule(pair: Pair): Generator<Change> {
  const taken = pair.differences.take(
    (field) =>
      texts.includes(field) || field.startsWith('modelCard') || field.startsWith('property:mlbom:model:'),
  );
  const [first] = taken;
  if (!first) return;
  const fields = taken.map((difference) => difference.field.replace(/^property:/, ''));
  yield changeBy(
    'M001',
    { ...pair, ...pointersOf(taken) },
    {
      what: `${pair.new.path ?? pair.new.name} is described differently: ${fields.join(', ')}`,
      ...(taken.length === 1 ? { was: shownItems(first.old), now: shownItems(first.new) } : {}),
    },
  );
}
