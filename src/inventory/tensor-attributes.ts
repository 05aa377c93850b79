import { canonicalJson } from '../core/canonical-json.ts';
import { attribute, type Attribute, type Fact } from '../core/fact.ts';
import { pathOf } from './group-weights.ts';

/** What the tensor tables of one model's files add up to: parameters in all and by element type. */
export function tensorAttributes(facts: readonly Fact[]): Attribute[] {
  const tables = facts.filter((fact) => fact.tensors);
  const first = tables[0];
  if (!first) return [];
  const elements = new Map<string, number>();
  let tensors = 0;
  for (const fact of tables) {
    for (const tensor of fact.tensors?.tensors ?? []) {
      tensors++;
      const count = tensor.shape.reduce((product, dimension) => product * dimension, 1);
      elements.set(tensor.dtype, (elements.get(tensor.dtype) ?? 0) + count);
    }
  }
  const byDtype = [...elements].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const evidence = { basis: 'observed', source: pathOf(first), at: 'tensors', by: 'inventory' } as const;
  const total = byDtype.reduce((sum, [, count]) => sum + count, 0);
  const [dominant] = byDtype;
  return [
    attribute('mlbom:model:tensors', String(tensors), evidence),
    attribute('mlbom:model:parameters', String(total), evidence),
    attribute('mlbom:model:parameters-by-dtype', canonicalJson(Object.fromEntries(byDtype)), evidence),
    ...(dominant ? [attribute('mlbom:model:dtype', dominant[0], evidence)] : []),
  ];
}
