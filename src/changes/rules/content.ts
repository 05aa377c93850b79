import type { Change } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import type { ChangeId } from '../change-rules.ts';
import { contentState, shownDigest } from '../content-state.ts';
import { fileRole, shardNote } from '../file-role.ts';
import { propertyValues, type Part } from '../part.ts';
import { releaseOf, sameRelease } from '../release.ts';
import type { Pair, Scene } from '../scene.ts';

/** Fields that follow from the bytes of a file, and so are part of the change of these bytes. */
const followContent = new Set([
  'evidence.identity:hash',
  'property:mlbom:file:size',
  'property:mlbom:file:chunk-size',
  'property:mlbom:file:chunk-root',
  'property:mlbom:file:tensor-root',
  'property:mlbom:file:promised',
]);
/** Fields that follow from the files of an artifact. */
const rollUps = new Set([
  'evidence.identity:hash',
  'property:mlbom:oms:root',
  'property:mlbom:artifact:files',
  'property:mlbom:artifact:bytes',
]);

/** Changed bytes: one change for each file, none for the digests that are computed from it. */
export function* contentRule(pair: Pair, scene: Scene): Generator<Change> {
  const { old, new: next, differences } = pair;
  if (isExplainedByFiles(pair, scene)) {
    differences.take((field) => field.startsWith('hash:') || rollUps.has(field));
    return;
  }
  const state = contentState(old, next);
  if (state === 'lost') {
    differences.take((field) => field.startsWith('hash:'));
    yield changeBy('E002', pair, {
      what: `${nameOf(next)} had a digest, and now has ${shownDigest(next) ? 'only one by another algorithm' : 'none'}`,
      was: shownDigest(old),
      now: shownDigest(next),
    });
  }
  // Equal bytes have equal tensors: the table of one BOM has their digests, that of the other has not.
  if (state === 'same') differences.takeField('property:mlbom:file:tensor-root');
  if (state !== 'changed') return;
  differences.take((field) => field.startsWith('hash:') || followContent.has(field));
  const id = contentChange(old, next);
  if (id === undefined) return;
  yield changeBy(id, pair, {
    what: `the content of ${nameOf(next)} changed${versionNote(old, next)}`,
    was: withSize(old, next),
    now: withSize(next, old),
  });
}

/**
 * The digest of an artifact is made from its files: where these changed, it says nothing new. A model whose digest is
 * not said to cover its manifest may have that of its weights, which a changed card does not explain.
 */
function isExplainedByFiles({ old, new: next }: Pair, scene: Scene): boolean {
  const changed = scene.changedWithin(old) ?? scene.changedWithin(next);
  if (changed === undefined) return false;
  if ([old, next].every((part) => propertyValues(part, 'mlbom:hash:scope').includes('manifest'))) return true;
  if (next.type === 'machine-learning-model') {
    return [old, next].some((part) => scene.changedWithin(part) === 'weights');
  }
  return next.type === 'data';
}

/** `undefined` for a package whose new version explains its new digest. */
function contentChange(old: Part, next: Part): ChangeId | undefined {
  const same = sameRelease(old, next);
  // The weightier reading counts: a new name or media type must not make weights look like something else.
  const roles = [fileRole(old), fileRole(next)];
  if (roles.includes('weights')) return same ? 'W001' : 'W003';
  if (roles.includes('dataset')) return 'D001';
  if (roles.includes('code')) return 'T002';
  if (roles.includes('configuration')) return 'T001';
  if (next.type === 'file') return 'O001';
  return same ? 'U002' : undefined;
}

function nameOf(part: Part): string {
  const name = part.path ?? part.name;
  return `${name}${shardNote(name)}`;
}

function versionNote(old: Part, next: Part): string {
  const was = releaseOf(old);
  const now = releaseOf(next);
  if (was === undefined && now === undefined) return '; neither BOM names a version';
  if (was === now) return `; the version is still ${now}`;
  return `; the version went from ${was ?? 'none'} to ${now ?? 'none'}`;
}

function withSize(part: Part, other: Part): string | undefined {
  const [size] = propertyValues(part, 'mlbom:file:size');
  const [otherSize] = propertyValues(other, 'mlbom:file:size');
  const digest = shownDigest(part);
  return size === undefined || size === otherSize ? digest : `${digest}, ${size} bytes`;
}
