import type { StatedArtifact } from '../bom/artifacts-of.ts';
import { check, type Check } from '../core/check.ts';
import { isMlbomError } from '../core/errors.ts';
import type { Statement } from '../core/statement.ts';
import { artifactDigest } from '../manifest/artifact-digest.ts';
import { chunkSizeOf } from '../manifest/chunk-size.ts';
import { makeManifest } from '../manifest/manifest.ts';

/** Whether the files that the BOM lists are the ones that the signed artifact digest covers. */
export function manifestCheck(artifacts: readonly StatedArtifact[], statement: Statement): Check {
  if (artifacts.length === 0) {
    return check('manifest', 'fail', 'the BOM has no artifact digest (mlbom:hash:scope)');
  }
  const subjects = new Set(statement.subject.map(({ digest }) => digest['sha256']));
  const failed = artifacts.map((artifact) => misfitOf(artifact, subjects)).find((misfit) => misfit);
  return failed ?? check('manifest', 'pass', passed(artifacts));
}

function passed(artifacts: readonly StatedArtifact[]): string {
  const images = artifacts.filter(({ isImage }) => isImage).length;
  if (images === artifacts.length) return 'the digest of the image is signed';
  return images === 0
    ? 'the listed files have the signed artifact digest'
    : 'the listed files have the signed artifact digest, and the digests of the images are signed';
}

function misfitOf(artifact: StatedArtifact, subjects: ReadonlySet<string | undefined>): Check | undefined {
  const { name: subject, digest, files } = artifact;
  if (artifact.isImage) {
    if (subjects.has(digest)) return undefined;
    return check('manifest', 'fail', 'the digest of the image is no subject of the statement', { subject });
  }
  if (files.length === 0) {
    return check('manifest', 'fail', 'the artifact has no files, so there is nothing to verify', { subject });
  }
  const odd = files.find(({ size, chunkSize }) => chunkSize !== chunkSizeOf(size));
  if (odd) {
    const why = `a file of ${odd.size} bytes has no chunks of ${odd.chunkSize}: ${odd.path}`;
    return check('manifest', 'fail', why, { subject });
  }
  const actual = recomputed(artifact);
  if (actual !== digest) {
    return check('manifest', 'fail', 'the listed files do not have the artifact digest', {
      subject,
      expected: `sha256:${digest}`,
      actual: `sha256:${actual}`,
    });
  }
  if (subjects.has(digest)) return undefined;
  return check('manifest', 'fail', 'the artifact digest is no subject of the statement', { subject });
}

function recomputed(artifact: StatedArtifact): string {
  try {
    return artifactDigest(makeManifest(artifact.files));
  } catch (error) {
    if (isMlbomError(error)) return `none (${error.message})`;
    throw error;
  }
}
