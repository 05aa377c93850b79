import type { Basis } from '../../core/evidence.ts';
import type { Change } from '../../core/change.ts';
import { isObject, parseJson, type JsonObject } from '../../core/json.ts';
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
    const was = strongestBasis(old);
    const weaker = [...was].flatMap(([attribute, before]) => {
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
    // What is known as well as before, from another place, follows from the values that changed.
    const items = [...evidence.old, ...evidence.new].map((item) => statement(item.value)?.[0]);
    const isStronger = (attribute: string): boolean =>
      strength[now.get(attribute) ?? 'declared'] > strength[was.get(attribute) ?? 'verified'];
    if (items.every((attribute) => attribute !== undefined && !isStronger(attribute))) {
      differences.takeField('property:mlbom:evidence');
    }
  }
  yield* newProblems(pair);
}

/** A contradiction stands in a BOM as a conflict and as a problem; it is one change. */
function* newProblems({ old, new: next, differences }: Pair): Generator<Change> {
  const problems = differences.at('property:mlbom:problem')?.new ?? [];
  const conflicts = differences.at('property:mlbom:conflict')?.new ?? [];
  for (const item of problems.length > 0 ? problems : conflicts) {
    yield changeBy(
      'X002',
      { old, new: next, newPointers: [item.pointer] },
      { kind: 'added', what: `${next.path ?? next.name} has a new problem`, now: shownProblem(item.value) },
    );
  }
  for (const field of ['property:mlbom:problem', 'property:mlbom:conflict']) {
    if (differences.at(field)?.old.length === 0) differences.takeField(field);
  }
}

/** The reason of a problem of ours; the text of anybody else's. */
function shownProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const said = objectIn(value);
  const [code, reason] = [said?.['code'], said?.['reason']];
  const text = typeof code === 'string' && typeof reason === 'string' ? `${reason} [${code}]` : value;
  return text.slice(0, 600);
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
  const { attribute, basis } = (typeof value === 'string' ? objectIn(value) : undefined) ?? {};
  if (typeof attribute !== 'string' || typeof basis !== 'string' || !Object.hasOwn(strength, basis))
    return undefined;
  return [attribute, basis as Basis];
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const said = parseJson(text, { depth: 8 });
    return isObject(said) ? said : undefined;
  } catch {
    return undefined;
  }
}
