import { formatDigest, isSameDigest, sha256Digest, type Digest } from '../../core/digest.ts';
import { ifFound, MlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageStore } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { isIndexType, isManifestType } from '../../formats/oci/media-types.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import type { SavedImage } from '../../formats/oci/read-save-manifest.ts';
import type { OpenMember } from './archive-store.ts';
import { isCalled } from './image-names.ts';
import { isBeside } from './is-beside.ts';
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

/** An image of `manifest.json`: the digest of its configuration, which names its layers, and what it is called. */
export interface SavedConfig {
  readonly digest: Digest;
  readonly tags: readonly string[];
}

/**
 * Docker loads an archive by `index.json` or by `manifest.json`, as it is set up: every image of the second must be one
 * of the first, or what is described is not what runs.
 * @throws MlbomError `E_MALFORMED` (`archive-disagrees`); `E_DIGEST` and others for what is there and cannot be believed
 */
export async function savedConfigs(
  { images, layout, open, place }: SavedBeside,
  signal?: AbortSignal,
): Promise<readonly SavedConfig[]> {
  const known = await configsOf(layout, signal);
  const saved: SavedConfig[] = [];
  for (const image of images) {
    const digest = sha256Digest(await savedConfig(image, open, place));
    const id = formatDigest(digest);
    if (!known.has(id)) throw disagrees(place, `has the image ${id}, which no image of index.json is`);
    saved.push({ digest, tags: image.tags });
  }
  return saved;
}

/**
 * The configurations of which the image has one that `index.json` leads to. A name means the same in both lists, and
 * without one there is one image in both.
 * @param wanted the name that is asked for
 * @throws MlbomError `E_MALFORMED` (`archive-disagrees`)
 */
export function agreedConfigs(
  saved: readonly SavedConfig[],
  wanted: string | undefined,
  place: string,
): readonly Digest[] {
  const named =
    wanted === undefined
      ? saved
      : saved.filter(({ tags }) => isCalled({ digest: undefined, names: tags }, wanted));
  const [first] = named;
  // One that is asked for by its digest may have no name.
  if (!first) return saved.map(({ digest }) => digest);
  if (named.every(({ digest }) => isSameDigest(digest, first.digest))) return [first.digest];
  throw disagrees(place, `has ${named.length} images where index.json has one`);
}

/** @param what manifest.json says */
export function disagrees(place: string, what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `${place}: manifest.json ${what}`, {
    subject: place,
    rule: 'archive-disagrees',
    next: 'save the image again, alone and for one platform',
  });
}

/** Digests of the configurations of all images that the archive holds; other platforms' may be left out of it. */
async function configsOf({ index, store }: Layout, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const configs = new Set<string>();
  for (const descriptor of index.descriptors) {
    if (!isIndexType(descriptor.mediaType) && !isManifestType(descriptor.mediaType)) continue;
    if (isBeside(descriptor)) continue;
    const found = (await ifFound(walkIndexes(store, descriptor, signal))) ?? [];
    for (const { descriptor: one } of found) {
      if (isBeside(one)) continue;
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
