import type { StatedArtifact } from '../bom/artifacts-of.ts';
import { MlbomError } from '../core/errors.ts';
import { artifactName, isNamed } from './intended-artifact.ts';

/** An artifact, and a place that is said to hold it. */
export interface VerifyTarget {
  readonly artifact: StatedArtifact;
  readonly at: string;
}

/**
 * Which artifact each `--at` is about: the only one, the one that `--artifact` names, or the one in `NAME=STORE`.
 * @throws MlbomError `E_USAGE` where that is not clear
 */
export function targetsOf(
  places: readonly string[],
  artifacts: readonly StatedArtifact[],
  meant: string | undefined,
): VerifyTarget[] {
  const [only] = artifacts;
  if (only && artifacts.length === 1) return places.map((at) => ({ artifact: only, at }));
  const pinned = meant === undefined ? undefined : artifacts.find((artifact) => isNamed(artifact, meant));
  if (pinned) return places.map((at) => ({ artifact: pinned, at }));
  return places.map((place) => {
    const named = artifacts.find((artifact) => place.startsWith(`${artifact.name}=`));
    if (named) return { artifact: named, at: place.slice(named.name.length + 1) };
    throw new MlbomError('E_USAGE', `--at ${place}: the BOM has several artifacts`, {
      subject: place,
      next: `write --at NAME=STORE, with one of: ${artifacts.map(artifactName).join(', ')}`,
    });
  });
}
