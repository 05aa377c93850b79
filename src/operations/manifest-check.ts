import type { StatedArtifact } from '../bom/artifacts-of.ts';
import type { Check } from '../core/check.ts';
import { isMlbomError } from '../core/errors.ts';
import type { Statement } from '../core/statement.ts';
import { artifactDigest } from '../manifest/artifact-digest.ts';
import { makeManifest } from '../manifest/manifest.ts';

/** Whether the files that the BOM lists are the ones that the signed artifact digest covers. */
export function manifestCheck(artifacts: readonly StatedArtifact[], statement: Statement): Check {
  const base = { id: 'manifest', required: true } as const;
  if (artifacts.length === 0) {
    return { ...base, outcome: 'fail', why: 'the BOM has no artifact digest (mlbom:hash:scope = manifest)' };
  }
  const subjects = new Set(statement.subject.map((subject) => subject.digest['sha256']));
  for (const artifact of artifacts) {
    const actual = recomputed(artifact);
    if (actual !== artifact.digest) {
      const why = `the files listed under ${artifact.name} do not have its artifact digest`;
      return {
        ...base,
        outcome: 'fail',
        subject: artifact.name,
        expected: `sha256:${artifact.digest}`,
        actual: `sha256:${actual}`,
        why,
      };
    }
    if (!subjects.has(artifact.digest)) {
      return {
        ...base,
        outcome: 'fail',
        subject: artifact.name,
        why: 'its artifact digest is no subject of the statement',
      };
    }
  }
  return { ...base, outcome: 'pass', why: 'the listed files have the signed artifact digest' };
}

function recomputed(artifact: StatedArtifact): string {
  try {
    return artifactDigest(makeManifest(artifact.files));
  } catch (error) {
    if (isMlbomError(error)) return `none (${error.message})`;
    throw error;
  }
}
