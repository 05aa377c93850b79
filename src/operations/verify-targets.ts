import type { StatedArtifact } from '../bom/artifacts-of.ts';
import { labelOf } from '../core/components-of.ts';
import { MlbomError } from '../core/errors.ts';
import { isNamed } from './intended-artifact.ts';

/** An artifact, and a place that is said to hold it. */
export interface VerifyTarget {
  readonly artifact: StatedArtifact;
  readonly at: string;
}

/**
 * Which artifact each `--at` is about: the one in `NAME=STORE`, the one that `--artifact` means, or the only one.
 * @throws MlbomError `E_USAGE` where that is not clear
 */
export function targetsOf(
  places: readonly string[],
  artifacts: readonly StatedArtifact[],
  meant: string | undefined,
): VerifyTarget[] {
  const pinned = meant === undefined ? undefined : artifacts.find((artifact) => isNamed(artifact, meant));
  const whole = pinned ?? (artifacts.length === 1 ? artifacts[0] : undefined);
  const targets = places.map((place) => {
    const named = namedIn(place, artifacts);
    if (named) return named;
    if (whole) return { artifact: whole, at: place };
    throw new MlbomError('E_USAGE', `--at ${place}: which of the artifacts of the BOM?`, {
      subject: place,
      next: `write --at NAME=STORE, with one of: ${artifacts.map(labelOf).join(', ')}`,
    });
  });
  if (!pinned || targets.some(({ artifact }) => artifact === pinned)) return targets;
  throw new MlbomError('E_USAGE', `--artifact means ${labelOf(pinned)}, and no --at says where it is`, {
    subject: labelOf(pinned),
    next: `add --at ${labelOf(pinned)}=STORE`,
  });
}

/** @throws MlbomError `E_USAGE` when several artifacts have the name */
function namedIn(place: string, artifacts: readonly StatedArtifact[]): VerifyTarget | undefined {
  const named = artifacts.flatMap((artifact) =>
    [labelOf(artifact), artifact.name]
      .filter((name) => place.startsWith(`${name}=`))
      .map((name) => ({ artifact, at: place.slice(name.length + 1) })),
  );
  const [first] = named;
  if (named.every(({ artifact }) => artifact === first?.artifact)) return first;
  throw new MlbomError('E_USAGE', `--at ${place}: several artifacts of the BOM have this name`, {
    subject: place,
    next: 'write NAME@VERSION=STORE, or pin one with --artifact sha256:DIGEST and leave NAME= out',
  });
}
