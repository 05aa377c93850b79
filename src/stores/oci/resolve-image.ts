import { formatDigest, isSameDigest, sha256Digest, type Digest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import type {
  Blob,
  Descriptor,
  HistoryLine,
  ImageConfig,
  ImageManifest,
  ImageRoot,
  ImageStore,
  LayerSource,
  Platform,
  ResolvedImage,
} from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { dockerConfigType } from '../../formats/oci/media-types.ts';
import { isImage } from '../../formats/oci/model-artifact.ts';
import { formatPlatform, matchesPlatform } from '../../formats/oci/platform.ts';
import { readImageConfig } from '../../formats/oci/read-image-config.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import { choosePlatform, noSuchPlatform } from './choose-platform.ts';
import { listed } from './listed.ts';
import { readSmall } from './read-small.ts';
import { disagrees } from './saved-agrees.ts';
import { openSized, verifiedBytes } from './verified-bytes.ts';
import { walkIndexes } from './walk-indexes.ts';

export interface ResolveOptions {
  /** Which one, where there are several. */
  readonly platform?: Platform | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The image that a store's root leads to. Every index, the manifest and the configuration are read and have their
 * digests; the layers are not opened yet.
 * @throws MlbomError `E_DIGEST`, `E_NOT_FOUND`, `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`; `E_USAGE` when several
 * platforms are there and none is asked for
 */
export async function resolveImage(store: ImageStore, options: ResolveOptions = {}): Promise<ResolvedImage> {
  const root = await store.root(options.signal);
  return root.kind === 'saved' ? resolveSaved(store, root, options) : resolveManifest(store, root, options);
}

async function resolveManifest(
  store: ImageStore,
  root: ImageRoot & { kind: 'manifest' },
  { platform: wanted, signal }: ResolveOptions,
): Promise<ResolvedImage> {
  const found = await walkIndexes(store, root.descriptor, signal);
  const { descriptor, siblings, ...chosen } = await choosePlatform(store, found, { wanted, signal });
  const indexes = root.isOwnIndex ? chosen.indexes.slice(1) : chosen.indexes;
  const manifest = await manifestOf(store, descriptor, signal);
  assertAgreed(root.configs, manifest.config.digest, store.uri);
  const limit = limits.imageManifestBytes;
  const bytes = await verifiedBytes(store, manifest.config, limit, 'the configuration', signal);
  const { mediaType, digest } = manifest.config;
  const what = `the configuration ${formatDigest(digest)}`;
  const image = isImage(manifest, bytes) ? readImageConfig(bytes, what) : undefined;
  if (image) checkLayers(image, manifest.layers.length, what);
  if (wanted && image) checkPlatform(wanted, image, store, descriptor.platform);
  const histories = image && historiesOf(image);
  const layers = manifest.layers.map((layer, at): LayerSource => {
    const name = `layer ${at + 1} of ${manifest.layers.length}`;
    return {
      descriptor: layer,
      ...partsOf(image, histories, at),
      open: (abort) => openSized(store, layer, name, abort),
    };
  });
  const own = new Set([descriptor, ...indexes].map((one) => formatDigest(one.digest)));
  const beside = new Map([...siblings, ...root.neighbours].map((one) => [formatDigest(one.digest), one]));
  return {
    store,
    manifest,
    config: { digest, mediaType, bytes },
    ...(image && { image }),
    layers,
    indexes,
    neighbours: [...beside].flatMap(([key, one]) => (own.has(key) ? [] : one)),
  };
}

async function resolveSaved(
  store: ImageStore,
  { config, layers }: ImageRoot & { kind: 'saved' },
  { platform: wanted }: ResolveOptions,
): Promise<ResolvedImage> {
  const bytes = await readSmall(config, limits.imageManifestBytes, 'the configuration');
  const digest = sha256Digest(bytes);
  const what = `the configuration ${formatDigest(digest)}`;
  const image = readImageConfig(bytes, what);
  checkLayers(image, layers.length, what);
  if (wanted) checkPlatform(wanted, image, store);
  const histories = historiesOf(image);
  return {
    store,
    config: { digest, mediaType: dockerConfigType, bytes },
    image,
    layers: layers.map((layer, at): LayerSource => ({
      ...partsOf(image, histories, at),
      open: (): Promise<Blob> => Promise.resolve(layer),
    })),
    indexes: [],
    neighbours: [],
  };
}

async function manifestOf(
  store: ImageStore,
  descriptor: Descriptor,
  signal: AbortSignal | undefined,
): Promise<ImageManifest> {
  const bytes = await verifiedBytes(store, descriptor, limits.imageManifestBytes, 'the manifest', signal);
  const what = `the manifest ${formatDigest(descriptor.digest)}`;
  const read = readManifest(bytes, descriptor.mediaType, what);
  if (read.kind === 'manifest') return { ...read, descriptor };
  throw new MlbomError('E_MALFORMED', `${what}: an index where a manifest was said to be`, {
    subject: formatDigest(descriptor.digest),
    rule: 'oci-media-type',
  });
}

/** @throws MlbomError `E_MALFORMED` (`archive-disagrees`) */
function assertAgreed(configs: readonly Digest[] | undefined, own: Digest, place: string): void {
  if (!configs || configs.some((digest) => isSameDigest(digest, own))) return;
  const others = listed(configs.map(formatDigest));
  throw disagrees(place, `has ${others || 'no image'} where index.json leads to ${formatDigest(own)}`);
}

/** A layer without its diffID, or the other way round, would be one that nobody can verify, or that is missing. */
function checkLayers({ diffIds }: ImageConfig, layers: number, what: string): void {
  if (diffIds.length === layers) return;
  throw new MlbomError('E_MALFORMED', `${what}: it has ${diffIds.length} diffIDs for ${layers} layers`, {
    subject: what,
    rule: 'image-layer-count',
  });
}

/** Many configurations leave the variant out that their descriptor has. */
function checkPlatform(
  wanted: Platform,
  { platform }: ImageConfig,
  { uri }: ImageStore,
  described?: Platform,
): void {
  const { os, architecture } = wanted;
  const agrees =
    platform === undefined || matchesPlatform(described ? { os, architecture } : wanted, platform);
  if (agrees && (!described || matchesPlatform(wanted, described))) return;
  throw noSuchPlatform(wanted, [formatPlatform(platform ?? described ?? wanted)], uri);
}

/** The lines that made layers, in order, where there is one for each. */
function historiesOf({ history, diffIds }: ImageConfig): readonly HistoryLine[] {
  const lines = history.filter(({ emptyLayer }) => !emptyLayer);
  return lines.length === diffIds.length ? lines : [];
}

function partsOf(
  image: ImageConfig | undefined,
  histories: readonly HistoryLine[] | undefined,
  at: number,
): Pick<LayerSource, 'diffId' | 'history'> {
  const diffId = image?.diffIds[at];
  const history = histories?.[at];
  return { ...(diffId && { diffId }), ...(history && { history }) };
}
