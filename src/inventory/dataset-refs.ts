import type { Fact, Target } from '../core/fact.ts';

/** The refs of the datasets that these facts name, sorted. */
export function datasetRefs(facts: readonly Fact[], refOf: (target: Target) => string): string[] {
  const refs = facts.flatMap((fact) =>
    fact.relations.flatMap((relation) => (relation.type === 'dataset' ? [refOf(relation.to)] : [])),
  );
  return [...new Set(refs)].sort();
}
