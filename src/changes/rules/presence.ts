import type { Change, ChangeKind } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import type { ChangeId } from '../change-rules.ts';
import { shownDigest } from '../content-state.ts';
import { fileRole, shardNote } from '../file-role.ts';
import { withNested, type Part } from '../part.ts';
import { sameRelease } from '../release.ts';
import type { Scene } from '../scene.ts';
import { shownPart } from '../shown.ts';

/** Components that only one BOM has; what they nest comes and goes with them. */
export function* presenceRule(scene: Scene): Generator<Change> {
  const removed = new Set(scene.matching.removed);
  const added = new Set(scene.matching.added);
  for (const part of removed) {
    if (part.parent && removed.has(part.parent)) continue;
    yield changeBy(idOf(part, 'removed', scene), { old: part }, words(part, 'removed', removed));
  }
  for (const part of added) {
    if (part.parent && added.has(part.parent)) continue;
    yield changeBy(idOf(part, 'added', scene), { new: part }, words(part, 'added', added));
  }
}

function idOf(part: Part, kind: 'added' | 'removed', scene: Scene): ChangeId {
  const isNew = kind === 'added';
  const role = fileRole(part);
  if (role === 'dataset') return 'D001';
  if (part.type === 'machine-learning-model') return isNew ? 'I001' : 'I002';
  if (part.type !== 'file') return isNew ? 'I003' : 'I004';
  if (role === 'weights') {
    if (keepsRelease(part, scene)) return isNew ? 'W005' : 'W006';
    return isNew ? 'W007' : 'W008';
  }
  if (role === 'configuration') return 'T001';
  if (role === 'code') return 'T002';
  return isNew ? 'O002' : 'O003';
}

/** True unless the component around it names another version in the other BOM. */
function keepsRelease(part: Part, scene: Scene): boolean {
  const around = scene.matching.of(part.parent);
  return !around || sameRelease(around.old, around.new);
}

function words(part: Part, kind: ChangeKind & ('added' | 'removed'), alone: ReadonlySet<Part>) {
  let count = 0;
  for (const nested of withNested(part.children)) if (alone.has(nested)) count++;
  const name = part.path ?? part.name;
  const within = count === 0 ? '' : ` with ${count} component${count === 1 ? '' : 's'} in it`;
  const state = part.type === 'file' ? (shownDigest(part) ?? 'no digest') : shownPart(part);
  return {
    kind,
    what: `${name}${shardNote(name)} was ${kind}${within}`,
    ...(kind === 'added' ? { now: state } : { was: state }),
  };
}
