import type { Change } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import { list } from '../part.ts';
import { pointersOf, shown, shownItems } from '../shown.ts';
import type { Pair } from '../scene.ts';

/** Another licence; its text, link and acknowledgement belong to it. */
export function* licenseRule(pair: Pair): Generator<Change> {
  const { old, new: next, differences } = pair;
  const difference = differences.takeField('licenses');
  if (!difference) return;
  differences.takeField('licenses.detail');
  const first = list(old.component['licenses']).length === 0;
  yield changeBy(
    first ? 'C002' : 'C001',
    { ...pair, ...pointersOf([difference]) },
    {
      kind: first ? 'added' : difference.new.length === 0 ? 'removed' : 'changed',
      what: `the licences of ${next.path ?? next.name} changed`,
      was: shownItems(difference.old) ?? (first ? 'none' : undefined),
      now: shownItems(difference.new) ?? shown(difference.new.length === 0 ? ['no longer stated'] : []),
    },
  );
}
