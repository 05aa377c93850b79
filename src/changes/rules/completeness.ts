import type { Change } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import type { FieldItem } from '../fields.ts';
import { isObject } from '../../core/json.ts';
import { list, text, type Part } from '../part.ts';
import { partAt, type References } from '../references.ts';
import type { Scene } from '../scene.ts';

/** What a composition vouches for, the most first (CycloneDX `aggregateType`). */
const aggregates = [
  'complete',
  'incomplete_first_party_only',
  'incomplete_third_party_only',
  'incomplete',
  'unknown',
  'not_specified',
];

interface Vouched {
  readonly aggregate: string;
  readonly part: Part | undefined;
  readonly pointer: string;
}

/** For whom the BOM no longer says that it lists everything. */
export function* completenessRule(scene: Scene): Generator<Change> {
  const difference = scene.document.at('compositions');
  if (!difference) return;
  const was = vouched(difference.old, scene.references.old, (part) => scene.matching.of(part)?.id);
  const now = vouched(difference.new, scene.references.new, (part) => scene.matching.of(part)?.id);
  for (const [key, before] of was) {
    const after = now.get(key);
    if (rank(after?.aggregate) <= rank(before.aggregate)) continue;
    const of = before.part ? (before.part.path ?? before.part.name) : 'the BOM';
    yield changeBy(
      'X001',
      {
        old: before.part,
        new: after?.part ?? (before.part && scene.matching.of(before.part)?.new),
        oldPointers: [before.pointer],
        newPointers: after ? [after.pointer] : [],
      },
      {
        what: `what is listed for ${of} is no longer ${before.aggregate}`,
        was: before.aggregate,
        now: after?.aggregate ?? 'not stated',
      },
    );
  }
  if ([...now].every(([key, after]) => rank(after.aggregate) >= rank(was.get(key)?.aggregate))) {
    scene.document.takeField('compositions');
  }
}

/** The best that is said of each assembly that both BOMs have. */
function vouched(
  items: readonly FieldItem[],
  references: References,
  matchId: (part: Part) => number | undefined,
): Map<string, Vouched> {
  const best = new Map<string, Vouched>();
  function add(key: string, entry: Vouched): void {
    const other = best.get(key);
    if (!other || rank(entry.aggregate) < rank(other.aggregate)) best.set(key, entry);
  }
  for (const { value, pointer } of items) {
    if (!isObject(value)) continue;
    const aggregate = text(value['aggregate']) ?? 'not_specified';
    const about = (['assemblies', 'dependencies'] as const).flatMap((field) =>
      list(value[field]).map((ref) => ({ field, ref: text(ref) ?? '' })),
    );
    if (about.length === 0) add('', { aggregate, part: undefined, pointer });
    for (const { field, ref } of about) {
      const part = partAt(references, ref);
      const id = part && matchId(part);
      if (part && id === undefined) continue;
      add(`${field} ${id ?? ref}`, { aggregate, part, pointer });
    }
  }
  return best;
}

/** What is not said, or in words of its own, vouches for nothing. */
function rank(aggregate: string | undefined): number {
  const index = aggregate === undefined ? -1 : aggregates.indexOf(aggregate);
  return index < 0 ? aggregates.length : index;
}
