import type { Change } from '../../core/change.ts';
import { changeBy } from '../change-by.ts';
import { packageIdentity, packageVersion } from '../package-url.ts';
import type { Part } from '../part.ts';
import { versionOf } from '../release.ts';
import type { Pair } from '../scene.ts';

/** A new version, once: the package URL and the CPE repeat it. */
export function* versionRule(pair: Pair): Generator<Change> {
  const { old, new: next, differences } = pair;
  const was = versionOf(old);
  const now = versionOf(next);
  const ofPackage =
    old.purl !== undefined &&
    next.purl !== undefined &&
    packageIdentity(old.purl) === packageIdentity(next.purl);
  const revised = ofPackage && revisionOf(old) !== revisionOf(next);
  if (differences.at('version') === undefined && !revised) return;
  differences.takeField('version');
  differences.takeField('cpe');
  if (ofPackage) differences.takeField('purl');
  if (next.type === 'file' && followsRelease(old, next)) return;
  const named = was !== now;
  yield changeBy(isNewMajor(old, next) ? 'K001' : 'U001', pair, {
    what: `${next.name} went from ${named ? 'version' : 'revision'} ${named ? (was ?? 'none') : revisionOf(old)} to ${named ? (now ?? 'none') : revisionOf(next)}`,
    was: named ? was : revisionOf(old),
    now: named ? now : revisionOf(next),
  });
}

function revisionOf(part: Part): string | undefined {
  return part.purl === undefined ? undefined : packageVersion(part.purl);
}

/** The version in a file's package URL is that of its artifact, whose own change is reported. */
function followsRelease(old: Part, next: Part): boolean {
  for (let was = old.parent, now = next.parent; was && now; was = was.parent, now = now.parent) {
    if (was.version !== now.version || was.purl !== now.purl) return true;
  }
  return false;
}

function isNewMajor(old: Part, next: Part): boolean {
  if (next.type !== 'framework') return false;
  const major = (part: Part) => /^v?(\d+)/.exec(versionOf(part) ?? '')?.[1];
  const was = major(old);
  const now = major(next);
  return was !== undefined && now !== undefined && BigInt(was.slice(0, 20)) !== BigInt(now.slice(0, 20));
}
