import type { StatedArtifact, StatedImage } from '../bom/artifacts-of.ts';
import { check, type Check } from '../core/check.ts';
import { formatDigest, type Digest } from '../core/digest.ts';
import { isMlbomError } from '../core/errors.ts';
import type { Descriptor, ImageStore, ResolvedImage } from '../core/image.ts';
import type { LayerTask } from '../core/layer.ts';
import type { HashingProgress } from '../manifest/hash-entries.ts';
import { resolveImage } from '../stores/oci/resolve-image.ts';
import { walkIndexes } from '../stores/oci/walk-indexes.ts';
import { readLayers } from './images/layer-pool.ts';
import { modelOf } from './images/model-of.ts';
import { namedLayers } from './images/named-layers.ts';

export interface VerifyImageOptions {
  readonly artifact: StatedArtifact;
  /** A store, as the user names it, for messages. */
  readonly at: string;
  readonly store: ImageStore;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
}

/**
 * Reads every byte of an image and holds it against the signed digest: the manifest, or the configuration where the
 * place has none, and by them each layer, packed and unpacked. Nothing is taken from a cache.
 */
export async function verifyImage(options: VerifyImageOptions): Promise<Check[]> {
  const { at, artifact, store, signal, onProgress } = options;
  const { image } = artifact;
  if (!image) return [check('bytes', 'fail', 'an image, where files were signed', { subject: at })];
  try {
    const there = await signedImage(store, image, signal);
    const same = identityCheck(there, image, at);
    if (same.outcome !== 'pass') return [same];
    const layers = namedLayers(there, modelOf(there));
    const inputs = await Promise.all(
      layers.map(async ({ source, name, content }) => {
        const blob = store.kind === 'registry' ? undefined : await source.open(signal);
        const { descriptor, diffId } = source;
        const task: LayerTask = {
          ...(descriptor ? { digest: descriptor.digest } : {}),
          size: descriptor?.size ?? blob?.size ?? 0,
          ...(diffId ? { diffId } : {}),
          content: content.kind === 'tar' && diffId ? { kind: 'tar' } : { kind: 'opaque' },
          ...(blob?.local ? { local: blob.local } : {}),
          describe: false,
        };
        return { task, name, open: (abort: AbortSignal | undefined) => source.open(abort) };
      }),
    );
    const results = await readLayers(inputs, { signal, onProgress });
    const bytes = results.reduce((sum, { size }) => sum + size, 0);
    const why = `${same.why}; all ${results.length} layers, ${bytes} bytes, have the digests that it names`;
    return [{ ...same, why }];
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_ABORTED' || error.code === 'E_USAGE') throw error;
    const isAnswer = error.code === 'E_DIGEST' || error.code === 'E_MALFORMED';
    return [check('bytes', isAnswer ? 'fail' : 'unknown', error.message, { subject: at })];
  }
}

/** Of several platforms the signed one, by its digest; else whatever the reference leads to. */
async function signedImage(
  store: ImageStore,
  { manifest }: StatedImage,
  signal: AbortSignal | undefined,
): Promise<ResolvedImage> {
  const root = await store.root(signal);
  if (root.kind === 'saved' || !manifest) return resolveImage(store, { signal });
  const found = await walkIndexes(store, root.descriptor, signal);
  const signed = found.find(({ descriptor }) => isSame(descriptor.digest, manifest));
  if (!signed) return resolveImage(store, { signal });
  const descriptor: Descriptor = signed.descriptor;
  return resolveImage({ ...store, root: () => Promise.resolve({ ...root, descriptor }) }, { signal });
}

function identityCheck({ manifest, config }: ResolvedImage, image: StatedImage, at: string): Check {
  const isByManifest = manifest !== undefined && image.manifest !== undefined;
  const [expected, actual] = isByManifest
    ? [image.manifest, manifest.descriptor.digest]
    : [image.config, config.digest];
  const what = isByManifest ? 'manifest' : 'configuration';
  const answer = { subject: at, expected: formatDigest(expected), actual: formatDigest(actual) };
  if (isSame(expected, actual)) return check('bytes', 'pass', `the ${what} is the signed one`, answer);
  return check('bytes', 'fail', `another image: its ${what} is not the signed one`, answer);
}

function isSame(a: Digest, b: Digest): boolean {
  return a.algorithm === b.algorithm && a.hex === b.hex;
}
