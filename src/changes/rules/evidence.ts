import type { Basis } from '../../core/evidence.ts';
import type { Change } from '../../core/change.ts';
import { isObject, parseJson } from '../../core/json.ts';
import { changeBy } from '../change-by.ts';
import { propertyValues, type Part } from '../part.ts';
import type { Pair } from '../scene.ts';

const strength: Record<Basis, number> = { verified: 3, observed: 3, derived: 2, declared: 1 };

/** How a value is known got weaker, and what could not be read or does not fit is more than before. */
export function* evidenceRule(pair: Pair): Generator<Change> {
  const { old, new: next, differences } = pair;
  const evidence = differences.at('property:mlbom:evidence');
  if (evidence) {
    const now = strongestBasis(next);
    const weaker = [...strongestBasis(old)].flatMap(([attribute, before]) => {
      const after = now.get(attribute);
      return after && strength[after] < strength[before] ? [{ attribute, before, after }] : [];
    });
    for (const { attribute, before, after } of weaker) {
      yield changeBy('E001', pair, {
        what: `${attribute} of ${next.path ?? next.name} was ${before}, and is now only ${after}`,
        was: before,
        now: after,
      });
    }
    const told = new Set(weaker.map(({ attribute }) => attribute));
    const items = [...evidence.old, ...evidence.new].map((item) => statement(item.value)?.[0]);
    if (items.every((attribute) => attribute !== undefined && told.has(attribute))) {
      differences.takeField('property:mlbom:evidence');
    }
  }
  for (const field of ['property:mlbom:problem', 'property:mlbom:conflict']) {
    for (const item of differences.at(field)?.new ?? []) {
      yield changeBy(
        'X002',
        { ...pair, newPointers: [item.pointer] },
        {
          kind: 'added',
          what: `${next.path ?? next.name} has a new ${field.slice(field.lastIndexOf(':') + 1)}`,
          now: typeof item.value === 'string' ? item.value.slice(0, 600) : undefined,
        },
      );
    }
    if (differences.at(field)?.old.length === 0) differences.takeField(field);
  }
}

function strongestBasis(part: Part): Map<string, Basis> {
  const strongest = new Map<string, Basis>();
  for (const value of propertyValues(part, 'mlbom:evidence')) {
    const [attribute, basis] = statement(value) ?? [];
    if (attribute === undefined || basis === undefined) continue;
    const other = strongest.get(attribute);
    if (other === undefined || strength[basis] > strength[other]) strongest.set(attribute, basis);
  }
  return strongest;
}

/** Somebody else's BOM may hold anything under our name; what is not a statement stays an ordinary property. */
function statement(value: unknown): [string, Basis] | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const said = parseJson(value, { depth: 4 });
    if (!isObject(said)) return undefined;
    const { attribute, basis } = said;
    if (typeof attribute !== 'string' || typeof basis !== 'string' || !Object.hasOwn(strength, basis))
      return undefined;
    return [attribute, basis as Basis];
  } catch {
    return undefined;
  }
}
