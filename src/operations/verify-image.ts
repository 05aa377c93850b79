import type { StatedArtifact, StatedImage } from '../bom/artifacts-of.ts';
import { check, type Check } from '../core/check.ts';
import { formatDigest, isSameDigest } from '../core/digest.ts';
import { isMlbomError, type MlbomError } from '../core/errors.ts';
import type { ImageStore, Platform, ResolvedImage } from '../core/image.ts';
import type { LayerContent, LayerTask } from '../core/layer.ts';
import type { HashingProgress } from '../manifest/hash-entries.ts';
import { assertChosen } from '../stores/oci/assert-chosen.ts';
import { resolveImage } from '../stores/oci/resolve-image.ts';
import { walkIndexes } from '../stores/oci/walk-indexes.ts';
import { readLayers, type LayerInput } from './images/layer-pool.ts';
import { modelOf } from './images/model-of.ts';
import { namedLayers, type NamedLayer } from './images/named-layers.ts';
import { artifactFileChecks } from './verify-artifact-files.ts';

export interface VerifyImageOptions {
  readonly artifact: StatedArtifact;
  /** A store, as the user names it, for messages. */
  readonly at: string;
  readonly store: ImageStore;
  /** Of several images at the place. */
  readonly platform?: Platform | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
}

/**
 * Reads every byte of an image and holds it against the signed digest: the manifest, or the configuration where the
 * place has none, and by them each layer, packed and unpacked. Where files were signed, a model artifact has to be those
 * files. Nothing is taken from a cache.
 */
export async function verifyImage(options: VerifyImageOptions): Promise<Check[]> {
  const { at, artifact } = options;
  const { image } = artifact;
  try {
    return await (image ? imageChecks(image, options) : filesOf(options));
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_ABORTED' || error.code === 'E_USAGE') throw error;
    return [unreadPlace(error, at)];
  }
}

/** What is wrong with an image is an answer; what is out of reach is none. */
export function unreadPlace({ code, rule, message }: MlbomError, at: string): Check {
  const isAnswer = code === 'E_DIGEST' || code === 'E_MALFORMED' || rule === 'image-platform';
  return check('bytes', isAnswer ? 'fail' : 'unknown', message, { subject: at });
}

async function imageChecks(image: StatedImage, options: VerifyImageOptions): Promise<Check[]> {
  const { at, signal, onProgress } = options;
  const there = await signedImage(image, options);
  const same = identityCheck(there, image, at);
  if (same.outcome !== 'pass') return [same];
  await assertTaken(there, options);
  const isByManifest = there.manifest !== undefined && image.manifest !== undefined;
  const layers = namedLayers(there, modelOf(there));
  if (!isByManifest) {
    const failures = unheldChecks(there, layers, options);
    if (failures.length > 0) return failures;
  }
  const results = await readLayers(await inputsOf(layers, options), { signal, onProgress });
  const trailing = results.findIndex(({ problems }) => problems.some(({ code }) => code === 'trailing-data'));
  if (!isByManifest && trailing >= 0) {
    const why = `${layers[trailing]?.name ?? ''}: bytes that no signed digest covers follow its packed content`;
    return [check('bytes', 'fail', why, { subject: at })];
  }
  const bytes = results.reduce((sum, { size }) => sum + size, 0);
  const why = `${same.why}; all ${results.length} layers, ${bytes} bytes, have the digests that it names`;
  return [{ ...same, why }];
}

/** A configuration covers the unpacked layers alone: what is signed by it holds where each of them can be unpacked. */
function unheldChecks(
  { image }: ResolvedImage,
  layers: readonly NamedLayer[],
  { at, artifact }: VerifyImageOptions,
): Check[] {
  const about = { subject: at };
  if (!artifact.isImage || !image) {
    return [check('bytes', 'fail', 'its configuration is the signed one, and covers no layers', about)];
  }
  return layers
    .filter(({ content, source }) => content.kind !== 'tar' || source.diffId === undefined)
    .map(({ name }) =>
      check('bytes', 'fail', `${name} cannot be unpacked, and so not be held against its diffID`, about),
    );
}

/** What is needed to verify the layers; their files are looked at only where they are what was signed. */
function inputsOf(
  layers: readonly NamedLayer[],
  { store, artifact, signal }: VerifyImageOptions,
): Promise<LayerInput[]> {
  return Promise.all(
    layers.map(async ({ source, name, content }): Promise<LayerInput> => {
      const blob = store.kind === 'registry' ? undefined : await source.open(signal);
      const { descriptor, diffId } = source;
      const isUnpacked = content.kind === 'tar' && diffId !== undefined;
      const ofImage: LayerContent = isUnpacked ? content : { kind: 'opaque' };
      const task: LayerTask = {
        ...(descriptor ? { digest: descriptor.digest } : {}),
        size: descriptor?.size ?? blob?.size ?? 0,
        ...(diffId ? { diffId } : {}),
        content: artifact.image ? ofImage : content,
        ...(blob?.local ? { local: blob.local } : {}),
        ...(artifact.image ? {} : { chunks: 'all' as const }),
        describe: false,
      };
      return { task, name, open: (abort) => source.open(abort) };
    }),
  );
}

/** Files that were signed somewhere else, held against those of a model artifact: it is its files. */
async function filesOf(options: VerifyImageOptions): Promise<Check[]> {
  const { at, artifact, store, platform, signal, onProgress } = options;
  const there = await resolveImage(store, { platform, signal });
  await assertTaken(there, options);
  const model = modelOf(there);
  if (!model) return [check('bytes', 'fail', 'an image, where files were signed', { subject: at })];
  const layers = namedLayers(there, model);
  const results = await readLayers(await inputsOf(layers, options), { signal, onProgress });
  return artifactFileChecks({ at, files: artifact.files, layers, results, model: model.artifact });
}

/** Of several platforms the signed one, by its digest; else whatever the reference leads to. */
async function signedImage(
  { manifest }: StatedImage,
  { store, platform, signal }: VerifyImageOptions,
): Promise<ResolvedImage> {
  const root = await store.root(signal);
  if (root.kind === 'saved' || !manifest) return resolveImage(store, { platform, signal });
  const found = await walkIndexes(store, root.descriptor, signal);
  const signed = found.find(({ descriptor }) => isSameDigest(descriptor.digest, manifest));
  if (!signed) return resolveImage(store, { platform, signal });
  const { descriptor } = signed;
  return resolveImage(
    { ...store, root: () => Promise.resolve({ ...root, descriptor }) },
    { platform, signal },
  );
}

/** That the place has the image says little: what it leads to has to be that one for whoever runs it. */
async function assertTaken(
  { manifest }: ResolvedImage,
  { store, platform, signal }: VerifyImageOptions,
): Promise<void> {
  const root = await store.root(signal);
  if (root.kind === 'saved' || !manifest) return;
  const found = await walkIndexes(store, root.descriptor, signal);
  await assertChosen(store, found, manifest.descriptor.digest, { wanted: platform, signal });
}

function identityCheck({ manifest, config }: ResolvedImage, image: StatedImage, at: string): Check {
  const isByManifest = manifest !== undefined && image.manifest !== undefined;
  const [expected, actual] = isByManifest
    ? [image.manifest, manifest.descriptor.digest]
    : [image.config, config.digest];
  const what = isByManifest ? 'manifest' : 'configuration';
  const answer = { subject: at, expected: formatDigest(expected), actual: formatDigest(actual) };
  if (isSameDigest(expected, actual)) return check('bytes', 'pass', `the ${what} is the signed one`, answer);
  return check('bytes', 'fail', `another image: its ${what} is not the signed one`, answer);
}
