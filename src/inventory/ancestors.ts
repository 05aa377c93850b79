import type { Evidence } from '../core/evidence.ts';
import type { Fact, Relation, Target } from '../core/fact.ts';
import type { Ancestor, Conflict } from '../core/inventory.ts';
import { keyOf } from './key-of.ts';

type Base = Extract<Relation, { type: 'base-model' }>;
type Found = { -readonly [K in 'how' | 'to']: Ancestor[K] } & {
  readonly key: string;
  readonly evidence: Evidence[];
};

/**
 * The models that facts say this one came from; one ancestor a model, with everybody who said so.
 * `refOf` makes the ref of the ancestor with that key.
 */
export function ancestorsOf(
  facts: readonly Fact[],
  refOf: (key: string) => string,
): { ancestors: Ancestor[]; conflicts: Conflict[] } {
  const bases = facts.flatMap((fact) => fact.relations.filter((relation) => relation.type === 'base-model'));
  const found = merged(bases);
  const ancestors = found
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, ...ancestor }): Ancestor => ({ ref: refOf(key), ...ancestor }));
  return { ancestors, conflicts: disagreement(found) };
}

/**
 * A header's `Llama 3.1 8B` and a card's `org/Llama-3.1-8B` are one model, when one of them has nothing but the name.
 * Those that say where the model is go first, so that the order of the sources does not matter.
 */
function merged(bases: readonly Base[]): Found[] {
  const byKey = new Map<string, Found>();
  const byName = new Map<string, Found>();
  const isPlaced = ({ to }: Base): boolean => to.purl !== undefined || to.url !== undefined;
  for (const base of [...bases.filter(isPlaced), ...bases.filter((base) => !isPlaced(base))]) {
    const { how, to, evidence } = base;
    const known = byKey.get(keyOf(to)) ?? (isPlaced(base) ? undefined : byName.get(shortName(to)));
    if (known) {
      known.evidence.push(evidence);
      known.to = { ...to, ...known.to };
      if (known.how === 'unspecified') known.how = how;
      continue;
    }
    const ancestor = { key: keyOf(to), how, to, evidence: [evidence] };
    byKey.set(ancestor.key, ancestor);
    if (!byName.has(shortName(to))) byName.set(shortName(to), ancestor);
  }
  return [...byKey.values()];
}

function shortName({ name }: Target): string {
  return name
    .slice(name.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[-_. ]/g, '');
}

/**
 * Two sources that name bases and have none in common contradict each other; but not where one of them names what was
 * quantized: headers keep what they had before, and name the base of that.
 */
function disagreement(found: readonly Found[]): Conflict[] {
  const [first, ...others] = bySource(found);
  if (!first || !others.some((set) => ![...set].some((ancestor) => first.has(ancestor)))) return [];
  if (found.some(({ how }) => how === 'quantized')) return [];
  const statements = found.flatMap(({ to, evidence }) =>
    evidence.map((each) => ({ value: to.purl ?? to.name, evidence: each })),
  );
  return [{ attribute: 'base-model', statements }];
}

/** Which ancestors each source names; the first source is the one that is believed most. */
function bySource(found: readonly Found[]): Set<Found>[] {
  const named = new Map<string, Set<Found>>();
  for (const ancestor of found) {
    for (const { source } of ancestor.evidence) {
      const set = named.get(source);
      if (set) set.add(ancestor);
      else named.set(source, new Set([ancestor]));
    }
  }
  return [...named.values()];
}
