import { attribute } from '../core/fact.ts';
import type { Item } from '../core/inventory.ts';
import { nameOf } from '../core/path.ts';
import type { Datasets } from './datasets.ts';
import { emptyItem } from './empty-item.ts';
import { withConflicts } from './model-item.ts';
import type { PlacedDataset } from './placed-datasets.ts';
import { reconcile } from './reconcile.ts';

/** A dataset that lies in the artifact, with what is stated of it anywhere. */
export function dataItem(placed: PlacedDataset & { readonly ref: string }, datasets: Datasets): Item {
  const fallback = attribute('name', nameOf(placed.path), {
    basis: 'derived',
    source: 'layout',
    by: 'store',
  });
  const { attributes, conflicts } = reconcile([
    ...placed.attributes,
    ...datasets.saidOf(placed.ref),
    fallback,
  ]);
  const item: Item = { ...emptyItem(placed.ref, 'data'), attributes, places: [placed.path] };
  return withConflicts(item, conflicts, placed.path);
}
