import type { Change } from '../../core/change.ts';
import { compareCodePoints } from '../../core/order.ts';
import { changeBy } from '../change-by.ts';
import { contentState, shownDigest } from '../content-state.ts';
import { matchParts } from '../match-parts.ts';
import { isOtherPackage } from '../package-url.ts';
import { ancestorsOf, type Part } from '../part.ts';
import type { Pair, Scene } from '../scene.ts';
import { pointersOf, shownItems, shownPart } from '../shown.ts';
import { licenseRule } from './licenses.ts';
import { otherFieldsRule } from './other-fields.ts';

/** What a model comes from, through all generations: swapped, removed, added, and otherwise changed. */
export function* ancestorRule(pair: Pair, scene: Scene): Generator<Change> {
  const old = ancestorsOf(pair.old);
  const next = ancestorsOf(pair.new);
  if (old.length === 0 && next.length === 0) return;
  const matching = matchParts(old, next, scene.loose);
  const removed = matching.removed.filter((part) => old.includes(part)).sort(byName);
  const added = matching.added.filter((part) => next.includes(part)).sort(byName);
  const swapped = Math.min(removed.length, added.length);
  for (const [index, part] of removed.slice(0, swapped).entries()) {
    const instead = added[index];
    if (instead) yield swap(part, instead, pair.new);
  }
  for (const part of removed.slice(swapped)) {
    const what = `${pair.new.name} no longer names its ancestor ${part.name}`;
    yield changeBy('L002', { old: part }, { kind: 'removed', what, was: shownPart(part) });
  }
  for (const part of added.slice(swapped)) {
    const what = `${pair.new.name} names a new ancestor, ${part.name}`;
    yield changeBy('L003', { new: part }, { kind: 'added', what, now: shownPart(part) });
  }
  for (const match of matching.matches) {
    if (match.by === 'content') continue;
    const ancestor = { ...match, differences: scene.differencesOf(match.old, match.new) };
    yield* compareAncestor(ancestor, pair.new);
    yield* ancestorRule(ancestor, scene);
    yield* otherFieldsRule(ancestor);
  }
}

function* compareAncestor(pair: Pair, of: Part): Generator<Change> {
  const { old, new: next, differences } = pair;
  if (isOtherPackage(old.purl, next.purl)) {
    differences.take(
      (field) => ['purl', 'name', 'group', 'version'].includes(field) || field.startsWith('hash:'),
    );
    yield swap(old, next, of);
  }
  const state = contentState(old, next);
  const identity = differences.take(
    (field) =>
      field === 'version' ||
      field === 'purl' ||
      (field.startsWith('hash:') && state !== 'unknown' && state !== 'same'),
  );
  if (identity.length > 0) {
    const digests = state === 'changed' || state === 'lost';
    yield changeBy(
      'L002',
      { ...pair, ...pointersOf(identity) },
      {
        what: `${next.name}, an ancestor of ${of.name}, has another ${digests ? 'digest' : 'revision'}`,
        was: digests ? shownDigest(old) : shownPart(old),
        now: digests ? (shownDigest(next) ?? 'none') : shownPart(next),
      },
    );
  }
  const relation = differences.takeField('property:mlbom:ancestor:relation');
  if (relation) {
    yield changeBy(
      'L004',
      { ...pair, ...pointersOf([relation]) },
      {
        what: `${of.name} relates in another way to its ancestor ${next.name}`,
        was: shownItems(relation.old),
        now: shownItems(relation.new),
      },
    );
  }
  yield* licenseRule(pair);
}

function swap(old: Part, next: Part, of: Part): Change {
  const what = `${of.name} comes from ${next.name}, no longer from ${old.name}`;
  return changeBy('L001', { old, new: next }, { what, was: shownPart(old), now: shownPart(next) });
}

function byName(a: Part, b: Part): number {
  return compareCodePoints(shownPart(a), shownPart(b));
}
