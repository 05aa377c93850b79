import { imageClaims } from '../../collectors/image/image-claims.ts';
import { modelArtifactFacts } from '../../collectors/image/model-artifact-facts.ts';
import { formatDigest } from '../../core/digest.ts';
import type { Fact } from '../../core/fact.ts';
import type { ImageStore, ResolvedImage } from '../../core/image.ts';
import type { FileItem, WholeArtifact } from '../../core/inventory.ts';
import type { ManifestFile } from '../../core/manifest.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { parsePlatform } from '../../formats/oci/platform.ts';
import { baseImageOf, type BaseMaterial, type KnownBase } from '../../inventory/base-image.ts';
import type { CollectedArtifact } from '../../inventory/collected-artifact.ts';
import { squash, type Squashed } from '../../inventory/squash.ts';
import { artifactDigest } from '../../manifest/artifact-digest.ts';
import type { HashingProgress } from '../../manifest/hash-entries.ts';
import { makeManifest } from '../../manifest/manifest.ts';
import { omsRoot } from '../../manifest/oms-root.ts';
import { tensorRoot } from '../../manifest/tensor-rows.ts';
import { resolveImage } from '../../stores/oci/resolve-image.ts';
import { tensorsByFile } from '../tensor-tables.ts';
import { attachedReferences } from './attached-references.ts';
import { collectedImage, mostListed } from './collected-image-of.ts';
import { knownBases } from './known-bases.ts';
import type { LayerCache } from './layer-cache.ts';
import { modelOf } from './model-of.ts';
import { namedLayers, type ArtifactLayers, type NamedLayer } from './named-layers.ts';
import { readImageLayers } from './read-image-layers.ts';
import { emptyLayer } from './empty-layer.ts';

export interface CollectImageOptions {
  /** `linux/arm64`, for an index of several. */
  readonly platform?: string | undefined;
  /** Images whose layers this one may begin with. */
  readonly bases?: readonly ImageStore[] | undefined;
  /** Of weights that lie one by one in a registry, only the headers are read; their digests stay claims. */
  readonly headersOnly?: boolean | undefined;
  /** A layer that cannot be believed or read is left out, and said so, instead of ending everything. */
  readonly allowIncomplete?: boolean | undefined;
  readonly cache?: LayerCache | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
}

/**
 * Everything in one image or model artifact: manifest, configuration and every layer verified, the layers read, and
 * merged into what a runtime would show.
 * @throws MlbomError `E_DIGEST` when content contradicts its digest; `E_NOT_FOUND`, `E_MALFORMED`, `E_UNREACHABLE`, …
 */
export async function collectImage(
  store: ImageStore,
  options: CollectImageOptions = {},
): Promise<CollectedArtifact> {
  const platform = options.platform === undefined ? undefined : parsePlatform(options.platform);
  const image = await resolveImage(store, { platform, signal: options.signal });
  const model = modelOf(image);
  const layers = namedLayers(image, model);
  const read = await readImageLayers(layers, {
    ...options,
    isRemote: store.kind === 'registry',
    wholeFiles: model !== undefined,
  });
  const squashed = squash(read.map(({ result }, index) => result ?? emptyLayer(layers[index]?.source)));
  const { readings } = squashed;
  const references = await attachedReferences(image, options.signal);
  const known = await knownBases(image, options.bases ?? [], options.signal);
  const bases = basesOf(image, known, references.materials);
  const installed = readings.flatMap(({ facts }) => facts);
  const claims = claimsOf(image, model, installed);
  const whole = model && read.every(({ result }) => result) ? wholeOf(squashed) : undefined;
  return {
    name: store.name,
    ...(whole ? { whole } : {}),
    image: collectedImage({ image, model, layers, read, squashed, bases: bases.statements, references }),
    files: fileItems(squashed, installed, layers),
    excluded: [],
    facts: [...claims.facts, ...installed],
    problems: [
      ...claims.problems,
      ...bases.problems,
      ...references.problems,
      ...(model?.artifact.problems ?? opaqueLayers(layers)),
      ...read.flatMap(({ problems }) => problems),
      ...read.flatMap(({ result }) => result?.problems ?? []),
      ...squashed.problems,
      ...cutLists(squashed),
      ...readings.flatMap(({ problems }) => problems),
    ],
    findings: readings.flatMap(({ findings }) => findings),
    lists: readings.flatMap(({ lists }) => lists),
    runs: readings.flatMap(({ runs }) => runs),
    examined: new Map(
      readings.filter(({ examined }) => examined.length > 0).map(({ path, examined }) => [path, examined]),
    ),
  };
}

/** The files that the image shows; of weights, with the digest of their table of tensors. */
function fileItems({ files }: Squashed, facts: readonly Fact[], layers: readonly NamedLayer[]): FileItem[] {
  const tables = tensorsByFile(facts, new Map(files.map(({ path, size }) => [path, size])));
  return files.map(({ path, size, sha256, chunkSize, chunkRoot, link, layer }): FileItem => {
    const diffId = layers[layer]?.source.diffId;
    const table = tables.get(path);
    return {
      path,
      size,
      sha256,
      ...(chunkSize === undefined ? {} : { chunkSize }),
      ...(chunkRoot === undefined ? {} : { chunkRoot }),
      ...(table ? { tensorRoot: tensorRoot(table) } : {}),
      ...(link === undefined ? {} : { link }),
      ...(diffId ? { introducedBy: formatDigest(diffId) } : {}),
      kept: [],
    };
  });
}

function basesOf(
  { image, manifest }: ResolvedImage,
  known: readonly KnownBase[],
  materials: readonly BaseMaterial[],
): ReturnType<typeof baseImageOf> {
  if (!image) return { statements: [], problems: [] };
  const { labels, history, diffIds } = image;
  return baseImageOf({
    annotations: manifest?.annotations ?? {},
    labels,
    history,
    diffIds,
    known,
    materials,
  });
}

/** What the configuration says, which nobody has confirmed. */
function claimsOf(
  { image, manifest, config }: ResolvedImage,
  model: ArtifactLayers | undefined,
  installed: readonly Fact[],
): { facts: readonly Fact[]; problems: readonly Problem[] } {
  const source = `configuration ${formatDigest(config.digest)}`;
  if (model) {
    return { facts: modelArtifactFacts(model.artifact.scheme, config.bytes, source), problems: [] };
  }
  return image
    ? imageClaims(image, manifest?.annotations ?? {}, source, installed)
    : { facts: [], problems: [] };
}

function cutLists({ hidden, removed }: Squashed): Problem[] {
  return [
    { what: 'hidden files', list: hidden },
    { what: 'removed packages', list: removed },
  ]
    .filter(({ list }) => list.length > mostListed)
    .map(({ what, list }) =>
      incomplete('limit', '.', `${list.length} ${what}, of which the first ${mostListed} are listed`),
    );
}

/** A layer of a kind that nobody here can unpack is in the BOM with its digest, and said not to be read. */
function opaqueLayers(layers: readonly NamedLayer[]): Problem[] {
  return layers
    .filter(({ content }) => content.kind === 'opaque')
    .map(({ name, source: { descriptor } }) => {
      const id = descriptor ? ` ${formatDigest(descriptor.digest)}` : '';
      const reason = `${name}${id}: its media type ${descriptor?.mediaType ?? ''} is not looked into`;
      return incomplete('layer-opaque', '.', reason);
    });
}

/** The files of a model artifact as one: the same digest wherever they lie. Nothing where a digest is only a claim. */
function wholeOf({ files }: Squashed): WholeArtifact | undefined {
  const lines = files.flatMap((file): ManifestFile[] => {
    const { path, size, sha256, chunkSize, chunkRoot } = file;
    return chunkSize === undefined || chunkRoot === undefined
      ? []
      : [{ path, size, sha256, chunkSize, chunkRoot }];
  });
  if (lines.length === 0 || lines.length < files.length) return undefined;
  const manifest = makeManifest(lines);
  return { digest: artifactDigest(manifest), omsRoot: omsRoot(manifest), manifest };
}
