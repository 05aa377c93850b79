import type { Item } from '../core/inventory.ts';

/** An item with nothing known of it yet. */
export function emptyItem(ref: string, type: Item['type']): Item {
  return {
    ref,
    type,
    attributes: [],
    conflicts: [],
    items: [],
    ancestors: [],
    datasets: [],
    dependsOn: [],
    problems: [],
    findings: [],
    places: [],
  };
}
