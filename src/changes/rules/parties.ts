import type { Change } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import type { Difference } from '../differences.ts';
import type { Pair, Scene } from '../scene.ts';
import { pointersOf, shownItems } from '../shown.ts';

const parties = ['supplier', 'manufacturer', 'manufacture', 'authors', 'author', 'publisher'];

/** Who made or supplied a component. */
export function* partiesRule(pair: Pair): Generator<Change> {
  for (const difference of pair.differences.take((field) => parties.includes(field))) {
    yield changeBy(
      'A001',
      { ...pair, ...pointersOf([difference]) },
      words(difference, pair.new.path ?? pair.new.name),
    );
  }
}

/** Who made or supplied the BOM. */
export function* documentPartiesRule(scene: Scene): Generator<Change> {
  const fields = parties.map((party) => `metadata.${party}`);
  for (const difference of scene.document.take((field) => fields.includes(field))) {
    yield changeBy('A001', pointersOf([difference]), words(difference, 'the BOM'));
  }
}

function words(difference: Difference, of: string): Parameters<typeof changeBy>[2] {
  return {
    what: `the ${difference.field.replace('metadata.', '')} of ${of} changed`,
    was: shownItems(difference.old) ?? 'not stated',
    now: shownItems(difference.new) ?? 'not stated',
  };
}
