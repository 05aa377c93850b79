import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { Manifest, ManifestFile } from '../core/manifest.ts';
import { compareCodePoints } from '../core/order.ts';

/**
 * The manifest of these files, sorted; of each, only what the manifest says is kept.
 * @throws MlbomError `E_MALFORMED` for a path that is not relative and normal, or stands twice; `E_LIMIT`
 */
export function makeManifest(files: readonly ManifestFile[]): Manifest {
  if (files.length > limits.filesPerArtifact) {
    throw new MlbomError('E_LIMIT', `${files.length} files are more than one artifact may have`);
  }
  const sorted = files.map(lineOf).sort((a, b) => compareCodePoints(a.path, b.path));
  for (const [index, { path }] of sorted.entries()) {
    checkPath(path);
    if (path === sorted[index + 1]?.path) {
      throw new MlbomError('E_MALFORMED', `two files of the artifact are called ${JSON.stringify(path)}`, {
        subject: path,
        rule: 'path-twice',
      });
    }
  }
  return { files: sorted };
}

/** What the manifest says of a file, and nothing else that the object may carry. */
export function lineOf({ path, size, sha256, chunkSize, chunkRoot }: ManifestFile): ManifestFile {
  return { path, size, sha256, chunkSize, chunkRoot };
}

/** A path that could mean another file, or one outside the artifact, does not name a file of it. */
function checkPath(path: string): void {
  if (path.length > limits.pathLength) {
    throw new MlbomError('E_LIMIT', `a path of ${path.length} characters is too long`, {
      subject: path.slice(0, 160),
    });
  }
  const parts = path.split('/');
  if (path.isWellFormed() && !path.includes('\0') && !parts.some((part) => ['', '.', '..'].includes(part)))
    return;
  throw new MlbomError(
    'E_MALFORMED',
    `not a path within an artifact: ${JSON.stringify(path.slice(0, 160))}`,
    {
      subject: path.slice(0, 160),
      rule: 'path',
    },
  );
}
