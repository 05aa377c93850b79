import { formatDigest, sha256 } from '../../core/digest.ts';
import { ifFound, MlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageStore } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { isIndexType, isManifestType } from '../../formats/oci/media-types.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import type { SavedImage } from '../../formats/oci/read-save-manifest.ts';
import type { OpenMember } from './archive-store.ts';
import type { Layout } from './layout-store.ts';
import { savedConfig } from './saved-store.ts';
import { verifiedBytes } from './verified-bytes.ts';
import { walkIndexes } from './walk-indexes.ts';

export interface SavedBeside {
  readonly images: readonly SavedImage[];
  readonly layout: Layout;
  readonly open: OpenMember;
  readonly place: string;
}

/**
 * Docker loads an archive by `index.json` or by `manifest.json`, as it is set up: every image of the second must be
 * one of the first, or what is described is not what runs. A configuration names its layers, so that it is enough.
 * @throws MlbomError `E_MALFORMED`; `E_DIGEST` and others for what is there and cannot be believed
 */
export async function checkSavedAgrees(
  { images, layout, open, place }: SavedBeside,
  signal?: AbortSignal,
): Promise<void> {
  const known = await configsOf(layout, signal);
  for (const image of images) {
    const digest = `sha256:${sha256(await savedConfig(image, open, place))}`;
    if (known.has(digest)) continue;
    throw new MlbomError(
      'E_MALFORMED',
      `${place}: manifest.json has the image ${digest}, which no manifest of index.json has`,
      { subject: place, rule: 'archive-disagrees', next: 'save the image again' },
    );
  }
}

/** Digests of the configurations of all manifests that the archive holds; other platforms' may be left out of it. */
async function configsOf({ index, store }: Layout, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const configs = new Set<string>();
  for (const descriptor of index.descriptors) {
    if (!isIndexType(descriptor.mediaType) && !isManifestType(descriptor.mediaType)) continue;
    const found = (await ifFound(walkIndexes(store, descriptor, signal))) ?? [];
    for (const { descriptor: one } of found) {
      const config = await ifFound(configOf(store, one, signal));
      if (config !== undefined) configs.add(config);
    }
  }
  return configs;
}

async function configOf(
  store: ImageStore,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const bytes = await verifiedBytes(store, descriptor, limits.imageManifestBytes, 'the manifest', signal);
  const manifest = readManifest(
    bytes,
    descriptor.mediaType,
    `the manifest ${formatDigest(descriptor.digest)}`,
  );
  return manifest.kind === 'manifest' ? formatDigest(manifest.config.digest) : undefined;
}
