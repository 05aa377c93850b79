import type { Change } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import { fileRole, shardNote } from '../file-role.ts';
import { isOtherPackage } from '../package-url.ts';
import { qualifiedName, type Part } from '../part.ts';
import type { Pair, Scene } from '../scene.ts';

/** The same thing under another name or in another place; and another thing in the same place. */
export function* nameRule(pair: Pair, scene: Scene): Generator<Change> {
  const { old, new: next, differences } = pair;
  const renamed = fullName(old) !== fullName(next);
  const otherPackage = isOtherPackage(old.purl, next.purl);
  differences.take((field) => ['name', 'group', 'property:mlbom:file:path'].includes(field));
  if (next.type === 'file') {
    // The package URL of a file changes with that of its artifact, which says so itself, and with its path.
    if (otherPackage && (renamed || hasOtherPackageAround(old, next))) differences.takeField('purl');
  } else if (otherPackage || (renamed && pair.by === 'role' && !sharesContent(next, scene))) {
    if (otherPackage) differences.takeField('purl');
    yield changeBy('N003', pair, {
      what: `${fullName(next)} stands where ${fullName(old)} stood`,
      was: old.purl ?? fullName(old),
      now: next.purl ?? fullName(next),
    });
    return;
  }
  const id = next.type === 'file' && fileRole(next) === 'weights' ? 'N001' : 'N002';
  if (renamed) {
    const what = `${fullName(old)}${shardNote(fullName(old))} is now ${fullName(next)}${shardNote(fullName(next))}`;
    yield changeBy(id, pair, { kind: 'moved', what, was: fullName(old), now: fullName(next) });
  } else if (hasMoved(pair, scene)) {
    const was = old.parent ? fullName(old.parent) : 'the document';
    const now = next.parent ? fullName(next.parent) : 'the document';
    yield changeBy('N002', pair, {
      kind: 'moved',
      what: `${fullName(next)} is now listed under ${now}`,
      was,
      now,
    });
  }
}

function fullName(part: Part): string {
  return part.path ?? qualifiedName(part);
}

/** A subject is often named after its directory: with some of the same content it is the same one renamed. */
function sharesContent(part: Part, scene: Scene): boolean {
  return part.children.some((child) => ['content', 'digest'].includes(scene.matching.of(child)?.by ?? ''));
}

function hasMoved(pair: Pair, scene: Scene): boolean {
  if (pair.old.role !== pair.new.role) return false;
  return scene.matching.of(pair.old.parent) !== scene.matching.of(pair.new.parent);
}

function hasOtherPackageAround(old: Part, next: Part): boolean {
  const was = old.parent;
  const now = next.parent;
  return (
    was !== undefined &&
    now !== undefined &&
    (isOtherPackage(was.purl, now.purl) || hasOtherPackageAround(was, now))
  );
}
