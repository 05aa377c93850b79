import type { StatedArtifact } from '../bom/artifacts-of.ts';
import type { Check } from '../core/check.ts';

/** `NAME`, or `NAME@VERSION` where there is a version. */
export function artifactName({ name, version }: Pick<StatedArtifact, 'name' | 'version'>): string {
  return version === undefined ? name : `${name}@${version}`;
}

/** True when `text` names this artifact: `NAME@VERSION`, or `sha256:` and the artifact digest. */
export function isNamed(artifact: StatedArtifact, text: string): boolean {
  return text === artifactName(artifact) || text.toLowerCase() === `sha256:${artifact.digest}`;
}

/**
 * Whether the signed artifact is the one that was meant. Without this, any well-signed artifact of the same signer
 * passes for any other: last year's model for today's.
 */
export function intendedArtifact(artifacts: readonly StatedArtifact[], meant: string | undefined): Check {
  const actual = artifacts
    .map((artifact) => `${artifactName(artifact)} sha256:${artifact.digest}`)
    .join(', ');
  if (meant === undefined) {
    return {
      id: 'artifact',
      outcome: 'unknown',
      required: false,
      actual,
      why: 'not pinned; --artifact NAME@VERSION or sha256:… says which one is meant',
    };
  }
  const found = artifacts.some((artifact) => isNamed(artifact, meant));
  return {
    id: 'artifact',
    outcome: found ? 'pass' : 'fail',
    required: true,
    expected: meant,
    actual,
    why: found ? 'the intended artifact' : 'signed, but not the artifact that was meant',
  };
}
