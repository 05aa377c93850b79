import type { Evidence } from '../core/evidence.ts';
import type { Fact, Target } from '../core/fact.ts';
import type { Ancestor, Conflict } from '../core/inventory.ts';
import { keyOf } from './key-of.ts';

/** The models that facts say this one came from; one ancestor a model, with everybody who said so. */
export function ancestorsOf(
  facts: readonly Fact[],
  prefix: string,
): { ancestors: Ancestor[]; conflicts: Conflict[] } {
  const byKey = new Map<string, { how: Ancestor['how']; to: Target; evidence: Evidence[] }>();
  for (const fact of facts) {
    for (const relation of fact.relations) {
      if (relation.type !== 'base-model') continue;
      const known = byKey.get(keyOf(relation.to)) ?? namesake(relation.to, byKey);
      if (!known)
        byKey.set(keyOf(relation.to), { how: relation.how, to: relation.to, evidence: [relation.evidence] });
      else {
        known.evidence.push(relation.evidence);
        known.to =
          known.to.purl === undefined ? { ...known.to, ...relation.to } : { ...relation.to, ...known.to };
        if (known.how === 'unspecified') known.how = relation.how;
      }
    }
  }
  const ancestors = [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, ancestor]): Ancestor => ({ ref: `${prefix}ancestor:${key}`, ...ancestor }));
  return { ancestors, conflicts: disagreement(ancestors) };
}

/** A header's `Llama 3.1 8B` and a card's `org/Llama-3.1-8B` are one model, when one of them has nothing but the name. */
function namesake<T extends { to: Target }>(target: Target, known: ReadonlyMap<string, T>): T | undefined {
  const name = shortName(target);
  return [...known.values()].find(
    ({ to }) => shortName(to) === name && (to.purl === undefined || target.purl === undefined),
  );
}

function shortName({ name }: Target): string {
  return name
    .slice(name.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[-_. ]/g, '');
}

/** Two sources that name bases and have none in common contradict each other. */
function disagreement(ancestors: readonly Ancestor[]): Conflict[] {
  const named = new Map<string, Set<string>>();
  const statements: { value: string; evidence: Evidence }[] = [];
  for (const ancestor of ancestors) {
    for (const evidence of ancestor.evidence) {
      statements.push({ value: ancestor.to.purl ?? ancestor.to.name, evidence });
      const set = named.get(evidence.source) ?? new Set();
      named.set(evidence.source, set.add(ancestor.ref));
    }
  }
  const sets = [...named.values()];
  const disjoint = sets.some((a, i) => sets.slice(i + 1).some((b) => ![...a].some((ref) => b.has(ref))));
  return disjoint ? [{ attribute: 'base-model', statements }] : [];
}
