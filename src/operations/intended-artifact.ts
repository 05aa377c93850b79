import type { StatedArtifact } from '../bom/artifacts-of.ts';
import { check, note, type Check } from '../core/check.ts';
import { labelOf } from '../core/components-of.ts';

/** True when `text` names this artifact: `NAME@VERSION`, or `sha256:` and the artifact digest. */
export function isNamed(artifact: StatedArtifact, text: string): boolean {
  return text === labelOf(artifact) || text.toLowerCase() === `sha256:${artifact.digest}`;
}

/**
 * Whether the signed artifact is the one that was meant. Without this, any well-signed artifact of the same signer
 * passes for any other: last year's model for today's.
 */
export function intendedArtifact(artifacts: readonly StatedArtifact[], meant: string | undefined): Check {
  const actual = artifacts.map((artifact) => `${labelOf(artifact)} sha256:${artifact.digest}`).join(', ');
  if (meant === undefined) {
    const why = 'not pinned; --artifact NAME@VERSION or sha256:DIGEST says which one is meant';
    return note('artifact', 'unknown', why, { actual });
  }
  const found = new Set(artifacts.filter((artifact) => isNamed(artifact, meant)).map(({ digest }) => digest));
  const answer = { expected: meant, actual };
  if (found.size === 1) return check('artifact', 'pass', `the intended one, ${meant}`, answer);
  if (found.size === 0)
    return check('artifact', 'fail', 'signed, but not the artifact that was meant', answer);
  return check('artifact', 'fail', 'several artifacts have this name; pin one by its digest', answer);
}
