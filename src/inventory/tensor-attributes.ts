import { canonicalJson } from '../core/canonical-json.ts';
import { attribute, type Attribute, type Fact } from '../core/fact.ts';
import { pathOf } from './group-weights.ts';

/** What the tensor tables of one model's files add up to: parameters in all and by element type. */
export function tensorAttributes(facts: readonly Fact[]): Attribute[] {
  const tables = facts.filter((fact) => fact.tensors);
  const first = tables[0];
  if (!first) return [];
  const elements = new Map<string, number>();
  const shared = new Set<string>();
  let tensors = 0;
  for (const fact of tables) {
    for (const { dtype, shape, path, offset, length } of fact.tensors?.tensors ?? []) {
      // Several files may keep a tensor in the same place of one data file; the model has it once.
      if (path !== undefined) {
        const place = `${path}\0${offset}\0${length}`;
        if (shared.has(place)) continue;
        shared.add(place);
      }
      tensors++;
      const count = shape.reduce((product, dimension) => product * dimension, 1);
      elements.set(dtype, (elements.get(dtype) ?? 0) + count);
    }
  }
  const byDtype = [...elements].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const evidence = { basis: 'observed', source: pathOf(first), at: 'tensors', by: 'inventory' } as const;
  const total = byDtype.reduce((sum, [, count]) => sum + count, 0);
  const [dominant] = byDtype;
  const counted = attribute('mlbom:model:tensors', String(tensors), evidence);
  // No model has that many; data that lies elsewhere can claim any shape.
  if (!Number.isSafeInteger(total)) return [counted];
  return [
    counted,
    attribute('mlbom:model:parameters', String(total), evidence),
    attribute('mlbom:model:parameters-by-dtype', canonicalJson(Object.fromEntries(byDtype)), evidence),
    ...(dominant ? [attribute('mlbom:model:dtype', dominant[0], evidence)] : []),
  ];
}
