import { formatDigest, isSameDigest, type Digest } from '../../core/digest.ts';
import { ifFound } from '../../core/errors.ts';
import type { Descriptor, ImageStore } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { isIndexType, isManifestType } from '../../formats/oci/media-types.ts';
import { readManifest, type ReadIndex, type ReadManifest } from '../../formats/oci/read-manifest.ts';
import { cosignTags, referrersTag } from '../../formats/oci/referrers-tag.ts';
import { verifiedBytes } from './verified-bytes.ts';

/**
 * What a layout says about `digest`: manifests in its index whose subject it is, those in the fallback's index, and
 * those under cosign's tags.
 * @throws MlbomError `E_DIGEST`, `E_MALFORMED`, … for one that is there and cannot be believed
 */
export async function layoutReferrers(
  store: Pick<ImageStore, 'open'>,
  descriptors: readonly Descriptor[],
  digest: Digest,
  signal?: AbortSignal,
): Promise<readonly Descriptor[]> {
  const fallback = referrersTag(digest);
  const tags = cosignTags(digest);
  const found = new Map<string, Descriptor>();
  const listed = new Map<string, Descriptor>();
  for (const descriptor of descriptors) {
    const name = descriptor.annotations['org.opencontainers.image.ref.name'] ?? '';
    if (tags.includes(name)) found.set(formatDigest(descriptor.digest), descriptor);
    listed.set(formatDigest(descriptor.digest), descriptor);
    if (name !== fallback) continue;
    const index = await readReferrer(store, descriptor, signal);
    if (index?.kind !== 'index') continue;
    for (const one of index.descriptors) listed.set(formatDigest(one.digest), one);
  }
  for (const descriptor of [...listed.values()].slice(0, 2 * limits.imageDescriptors)) {
    const key = formatDigest(descriptor.digest);
    if (isSameDigest(descriptor.digest, digest) || found.has(key)) continue;
    const manifest = await readReferrer(store, descriptor, signal);
    if (manifest?.subject === undefined || !isSameDigest(manifest.subject.digest, digest)) continue;
    found.set(key, asReferrer(descriptor, manifest));
  }
  return [...found.values()];
}

/** A manifest that the place lists and does not keep refers to nothing. */
async function readReferrer(
  store: Pick<ImageStore, 'open'>,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<ReadManifest | ReadIndex | undefined> {
  const { mediaType, digest } = descriptor;
  if (!isManifestType(mediaType) && !isIndexType(mediaType)) return undefined;
  const what = 'a manifest beside the image';
  const bytes = await ifFound(verifiedBytes(store, descriptor, limits.imageManifestBytes, what, signal));
  return bytes && readManifest(bytes, mediaType, `${what} ${formatDigest(digest)}`);
}

/** As a registry lists it (OCI distribution-spec 1.1, "Listing Referrers"). */
function asReferrer(descriptor: Descriptor, manifest: ReadManifest | ReadIndex): Descriptor {
  const config = manifest.kind === 'manifest' ? manifest.config.mediaType : undefined;
  const artifactType = manifest.artifactType ?? descriptor.artifactType ?? config;
  return {
    ...descriptor,
    annotations: { ...descriptor.annotations, ...manifest.annotations },
    ...(artifactType !== undefined && { artifactType }),
  };
}
