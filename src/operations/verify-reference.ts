import type { StatedArtifact } from '../bom/artifacts-of.ts';
import { notExamined } from '../core/check.ts';
import { isSameDigest, type Digest } from '../core/digest.ts';
import { MlbomError } from '../core/errors.ts';
import { parsePlatform } from '../formats/oci/platform.ts';
import { resolveImage } from '../stores/oci/resolve-image.ts';
import { attachedBom } from './images/verify-attached.ts';
import { openImage } from './open-place.ts';
import {
  bytesChecks,
  judge,
  readTrustedKey,
  verified,
  type Verified,
  type VerifyOptions,
} from './verify-steps.ts';

/**
 * Verifies an image by what lies beside it: the signed BOM is found there, has to be about this very image, and then
 * every byte of the image is read, where `at` names no other place.
 * @throws MlbomError `E_DIGEST` when the image contradicts its own digests; `E_USAGE`, `E_NOT_FOUND`, `E_UNREACHABLE`
 */
export async function verifyReference(options: VerifyOptions): Promise<Verified> {
  const keys = await Promise.all(options.keys.map(readTrustedKey));
  const { signal, bom: source } = options;
  const platform = options.platform === undefined ? undefined : parsePlatform(options.platform);
  const store = await openImage(source, options);
  try {
    const image = await resolveImage(store, { platform, signal });
    const digest = image.manifest?.descriptor.digest;
    if (!digest) {
      throw new MlbomError('E_UNSUPPORTED', `${source}: it has no manifest, and nothing can lie beside it`, {
        subject: source,
        next: 'name the BOM, and the image with --at',
      });
    }
    const subjects = [digest, ...image.indexes.map((index) => index.digest)];
    const { checks: found, signed } = await attachedBom({ store, subjects, keys, signal });
    const stated = signed && judge(signed.bom, signed.statement, options);
    const checks = [...found, ...(stated?.checks ?? ['bom', 'artifact', 'manifest'].map(notExamined))];
    const artifacts = stated?.artifacts ?? [];
    const at = options.at.length > 0 ? options.at : [placeOf(source, artifacts, digest)];
    checks.push(...(await bytesChecks({ ...options, at }, checks, artifacts)));
    return verified(checks, signed?.signer, artifacts);
  } finally {
    await store.close();
  }
}

/** The place of the one artifact of the BOM that this image is. */
function placeOf(source: string, artifacts: readonly StatedArtifact[], digest: Digest): string {
  const own = artifacts.find(({ image }) => image?.manifest && isSameDigest(image.manifest, digest));
  return own && artifacts.length > 1 ? `${own.name}=${source}` : source;
}
