import { formatDigest, isSameDigest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageConfig, ImageStore, Platform } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { isImageConfigType } from '../../formats/oci/media-types.ts';
import { isImage } from '../../formats/oci/model-artifact.ts';
import { formatPlatform, matchesPlatform } from '../../formats/oci/platform.ts';
import { readImageConfig } from '../../formats/oci/read-image-config.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import { isBeside } from './is-beside.ts';
import { listed } from './listed.ts';
import { verifiedBytes } from './verified-bytes.ts';
import type { FoundManifest } from './walk-indexes.ts';

export interface PlatformQuestion {
  readonly wanted: Platform | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * The manifest for a platform, or the only one that something can run. Attestations are never chosen.
 * @throws MlbomError `E_USAGE` when several fit, `E_NOT_FOUND` when none does, each with what there is
 */
export async function choosePlatform(
  store: ImageStore,
  found: readonly FoundManifest[],
  { wanted, signal }: PlatformQuestion,
): Promise<FoundManifest> {
  const [only] = found;
  // What was named by its own digest or tag is what is meant.
  if (only?.indexes.length === 0) return only;
  const images = found.filter(({ descriptor }) => !isBeside(descriptor));
  // Artifacts in an index are about its images, unless there are none.
  const runnable = images.filter(
    ({ descriptor }) => descriptor.platform !== undefined || descriptor.artifactType === undefined,
  );
  const candidates = runnable.length > 0 ? runnable : images;
  if (wanted === undefined) return theOne(candidates, candidates, store);

  const fitting: FoundManifest[] = [];
  for (const one of candidates) {
    const platform = one.descriptor.platform ?? (await statedPlatform(store, one, signal));
    if (platform === undefined ? candidates.length === 1 : matchesPlatform(wanted, platform))
      fitting.push(one);
  }
  if (fitting.length > 0) return theOne(fitting, candidates, store);
  throw noSuchPlatform(
    wanted,
    candidates.map((one) => shown(one)),
    store.uri,
  );
}

export function noSuchPlatform(wanted: Platform, there: readonly string[], place: string): MlbomError {
  const name = formatPlatform(wanted);
  return new MlbomError('E_NOT_FOUND', `${place} has no image for ${name}; it has ${listed(there)}`, {
    subject: name,
    rule: 'image-platform',
    next: 'ask with --platform for one that is there',
  });
}

function theOne(
  fitting: readonly FoundManifest[],
  candidates: readonly FoundManifest[],
  store: ImageStore,
): FoundManifest {
  const [first] = fitting;
  const second =
    first && fitting.find(({ descriptor }) => !isSameDigest(descriptor.digest, first.descriptor.digest));
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) {
    throw new MlbomError(
      'E_NOT_FOUND',
      `${store.uri} has no image, only ${candidates.length} other manifests`,
      {
        subject: store.uri,
        rule: 'image-not-found',
      },
    );
  }
  const texts = [...new Set(fitting.map((one) => shown(one)))];
  throw new MlbomError('E_USAGE', `${store.uri} has images for several platforms: ${listed(texts)}`, {
    subject: store.uri,
    rule: 'image-platform-ambiguous',
    next: 'choose one with --platform, or name it by its digest',
  });
}

/** What the configuration of a manifest says whose descriptor says nothing. */
async function statedPlatform(
  store: ImageStore,
  { descriptor }: FoundManifest,
  signal: AbortSignal | undefined,
): Promise<Platform | undefined> {
  return (await configIn(store, descriptor, signal))?.platform;
}

/** The configuration of a manifest; undefined where it is no image's. */
export async function configIn(
  store: ImageStore,
  descriptor: Descriptor,
  signal: AbortSignal | undefined,
): Promise<ImageConfig | undefined> {
  const limit = limits.imageManifestBytes;
  const bytes = await verifiedBytes(store, descriptor, limit, 'the manifest', signal);
  const manifest = readManifest(
    bytes,
    descriptor.mediaType,
    `the manifest ${formatDigest(descriptor.digest)}`,
  );
  if (manifest.kind !== 'manifest') return undefined;
  const config = await verifiedBytes(store, manifest.config, limit, 'the configuration', signal);
  const isImages = isImageConfigType(manifest.config.mediaType) || isImage(manifest, config);
  return isImages
    ? readImageConfig(config, `the configuration ${formatDigest(manifest.config.digest)}`)
    : undefined;
}

function shown({ descriptor }: FoundManifest): string {
  const digest = formatDigest(descriptor.digest);
  return descriptor.platform ? `${formatPlatform(descriptor.platform)} (${digest})` : digest;
}
