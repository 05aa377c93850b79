import type { StatedArtifact, StatedImage } from '../bom/artifacts-of.ts';
import { check, type Check } from '../core/check.ts';
import { formatDigest, type Digest } from '../core/digest.ts';
import { isMlbomError } from '../core/errors.ts';
import type { Descriptor, ImageStore, ResolvedImage } from '../core/image.ts';
import type { LayerContent, LayerTask } from '../core/layer.ts';
import { squash } from '../inventory/squash.ts';
import type { HashingProgress } from '../manifest/hash-entries.ts';
import { resolveImage } from '../stores/oci/resolve-image.ts';
import { walkIndexes } from '../stores/oci/walk-indexes.ts';
import { readLayers, type LayerInput } from './images/layer-pool.ts';
import { modelOf } from './images/model-of.ts';
import { namedLayers, type NamedLayer } from './images/named-layers.ts';

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
 * place has none, and by them each layer, packed and unpacked. Where files were signed, a model artifact has to be those
 * files. Nothing is taken from a cache.
 */
export async function verifyImage(options: VerifyImageOptions): Promise<Check[]> {
  const { at, artifact, store, signal, onProgress } = options;
  const { image } = artifact;
  try {
    if (!image) return await filesOf(options);
    const there = await signedImage(store, image, signal);
    const same = identityCheck(there, image, at);
    if (same.outcome !== 'pass') return [same];
    const inputs = await inputsOf(namedLayers(there, modelOf(there)), options);
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
  const { at, artifact, store, signal, onProgress } = options;
  const there = await resolveImage(store, { signal });
  const model = modelOf(there);
  if (!model) return [check('bytes', 'fail', 'an image, where files were signed', { subject: at })];
  const layers = namedLayers(there, model);
  const results = await readLayers(await inputsOf(layers, options), { signal, onProgress });
  const stated = new Map(artifact.files.map((file) => [file.path, file]));
  const found = new Map(squash(results).files.map((file) => [file.path, file]));
  const about = (path: string): { subject: string } => ({ subject: `${at}: ${path}` });
  const failures = [
    ...layers
      .filter(({ content }) => content.kind === 'opaque')
      .map(({ name }) =>
        check('bytes', 'fail', `${name} is no file of the signed artifact`, { subject: at }),
      ),
    ...[...found.keys()]
      .filter((path) => !stated.has(path))
      .map((path) => check('bytes', 'fail', 'not part of the signed artifact', about(path))),
    ...artifact.files.flatMap((file): Check[] => {
      const { sha256, size, chunkRoot } = found.get(file.path) ?? {};
      if (sha256 === file.sha256 && size === file.size && chunkRoot === file.chunkRoot) return [];
      const expected = `sha256:${file.sha256}`;
      return sha256 === undefined
        ? [
            check('bytes', 'fail', 'missing: no file of that name is there', {
              ...about(file.path),
              expected,
            }),
          ]
        : [
            check('bytes', 'fail', 'content differs', {
              ...about(file.path),
              expected,
              actual: `sha256:${sha256}`,
            }),
          ];
    }),
  ];
  if (failures.length > 0) return failures.slice(0, mostFailures);
  const bytes = artifact.files.reduce((sum, file) => sum + file.size, 0);
  const why = `all ${artifact.files.length} files of the artifact, ${bytes} bytes, are the signed ones`;
  return [check('bytes', 'pass', why, { subject: at })];
}

/** Failing files that are reported one by one. */
const mostFailures = 200;

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
