import type { Change } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import type { Difference } from '../differences.ts';
import { propertyValues } from '../part.ts';
import type { Pair, Scene } from '../scene.ts';
import { pointersOf, shownItems } from '../shown.ts';

/** What no rule explained in a component: one change that names the fields. Runs last. */
export function* otherFieldsRule(pair: Pair): Generator<Change> {
  const rest = pair.differences.take(() => true);
  const [only] = rest;
  if (!only) return;
  yield changeBy(
    'G001',
    { ...pair, ...pointersOf(rest) },
    words(`${pair.new.path ?? pair.new.name} differs in`, rest, only),
  );
}

/** The same for what the BOM says beside its components: services, dependencies, formulation, tools. */
export function* otherDocumentFieldsRule(scene: Scene): Generator<Change> {
  if (statesEvidence(scene)) scene.document.takeField('citations');
  const rest = scene.document.take(() => true);
  const [only] = rest;
  if (!only) return;
  yield changeBy('G001', pointersOf(rest), words('the BOM differs in', rest, only));
}

/** The citations of such a BOM say again, by position, what the evidence of its components says by name. */
function statesEvidence({ matching }: Scene): boolean {
  return matching.matches.some((match) =>
    [match.old, match.new].every((part) => propertyValues(part, 'mlbom:evidence').length > 0),
  );
}

function words(start: string, rest: readonly Difference[], only: Difference): Parameters<typeof changeBy>[2] {
  const fields = rest.map((difference) => difference.field).sort();
  return {
    what: `${start} ${fields.join(', ')}`,
    ...(rest.length === 1 && only.field !== 'dependencies'
      ? { was: shownItems(only.old) ?? 'not stated', now: shownItems(only.new) ?? 'not stated' }
      : {}),
  };
}
