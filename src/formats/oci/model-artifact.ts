import { isMlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageManifest } from '../../core/image.ts';
import { isObject, parseJsonObject, type JsonObject } from '../../core/json.ts';
import type { LayerContent } from '../../core/layer.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { shortened } from '../../core/shortened.ts';
import { ArtifactPaths } from './artifact-paths.ts';
import { isImageConfigType, layerKindOf } from './media-types.ts';
import { listMember, objectMember } from './members.ts';
import { modelLayerType, type ModelLayerRole, type ModelLayerType } from './model-layer-type.ts';

/** Who laid the artifact out: each scheme has a configuration of its own. */
export type ModelScheme = 'modelpack' | 'docker-ai' | 'kitops' | 'ollama' | 'oras';

/** What one layer of a model artifact is. */
export type ModelLayer = LayerContent & {
  readonly role: ModelLayerRole;
  /** Why an opaque layer is not looked into. */
  readonly reason?: string;
};

/** A manifest that carries a model, or files in general, and no file system. */
export interface ModelArtifact {
  readonly scheme: ModelScheme;
  /** One for each layer of the manifest, in its order. */
  readonly layers: readonly ModelLayer[];
  /** Names that could not be kept, and layers that are not looked into. */
  readonly problems: readonly Problem[];
}

const configs: readonly (readonly [RegExp, ModelScheme])[] = [
  [/^application\/vnd\.(?:cncf|cnai)\.model\.config\.v1\+json$/, 'modelpack'],
  [/^application\/vnd\.docker\.ai\.model\.config\.v[\d.]{1,8}\+json$/, 'docker-ai'],
  [/^application\/vnd\.kitops\.modelkit\.config\.v1\+json$/, 'kitops'],
];

/** Directories that oras packs: the layer is a gzipped tar, and the names in it begin with the title. */
const unpack = 'io.deis.oras.content.unpack';
const filePath = ['org.cncf.model.filepath', 'org.cnai.model.filepath'];
const title = 'org.opencontainers.image.title';

/**
 * What the layers of a model artifact are (ModelPack's model-spec, Docker's model-spec, KitOps, Ollama's registry
 * layout, ORAS); undefined for the manifest of an image. Names come from annotations and are not trusted: they stay
 * below the root, and no two layers have one path.
 */
export function modelArtifactOf(manifest: ImageManifest): ModelArtifact | undefined {
  const scheme = schemeOf(manifest);
  if (scheme === undefined) return undefined;
  const types = manifest.layers.map((layer) => typeOf(layer, scheme));
  const problems: Problem[] = [];
  const paths = new ArtifactPaths();
  const layers = manifest.layers.map((layer, index): ModelLayer => {
    const type = types[index];
    const { role, form, path, reason } = contentOf(layer, index, type, types, paths, problems);
    if (form === 'tar') return { kind: 'tar', role };
    if (form === 'file') {
      if (isHidden(layer, path)) {
        const reason = `layer ${index + 1} is a packed layer of an image by its media type, and only the file of its title is looked into`;
        problems.push(incomplete('titled-layer', path, reason));
      }
      return { kind: 'file', path, role };
    }
    problems.push(incomplete('opaque-layer', '.', `layer ${index + 1} is not looked into: ${reason}`));
    return { kind: 'opaque', role, reason };
  });
  return { scheme, layers, problems };
}

/**
 * Whether a manifest is an image's. Its configuration decides and not the name of its type: Docker runs images whose
 * configuration says that it is `application/octet-stream` or `text/html`. Ollama and cosign write image configurations
 * for things that have no file system: there the layers tell.
 * @param config its bytes, verified
 * @throws MlbomError `E_MALFORMED` for a configuration that others would read in another way
 */
export function isImage(
  manifest: Pick<ImageManifest, 'artifactType' | 'config' | 'layers'>,
  config: Uint8Array,
): boolean {
  const { layers } = manifest;
  const hasFileSystem = layers.some(({ mediaType }) => layerKindOf(mediaType) === 'tar');
  if (isImageConfigType(manifest.config.mediaType)) return layers.length === 0 || hasFileSystem;
  // The schemes that are known have lists of the same name, for layers of their own.
  if (!hasFileSystem && schemeOf(manifest) !== 'oras') return false;
  const what = 'the configuration';
  const document = jsonObjectIn(config, what);
  const rootfs = document && objectMember(document, 'rootfs', what);
  const promised = rootfs ? listMember(rootfs, 'diff_ids', what).length : 0;
  return promised > 0 && (hasFileSystem || promised === layers.length);
}

/** What oras pushes may have anything for a configuration. What laxer readers take for JSON has to be JSON. */
function jsonObjectIn(bytes: Uint8Array, what: string): JsonObject | undefined {
  try {
    return parseJsonObject(bytes, { subject: what });
  } catch (error) {
    if (!isMlbomError(error) || isLaxObject(bytes)) throw error;
    return undefined;
  }
}

function isLaxObject(bytes: Uint8Array): boolean {
  try {
    return isObject(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return false;
  }
}

function schemeOf({
  artifactType,
  config,
  layers,
}: Pick<ImageManifest, 'artifactType' | 'config' | 'layers'>): ModelScheme | undefined {
  const known = configs.find(([pattern]) => pattern.test(config.mediaType))?.[1];
  if (known) return known;
  if (/^application\/vnd\.(?:cncf|cnai)\.model\.manifest\.v1\+json$/.test(artifactType ?? ''))
    return 'modelpack';
  // Ollama's configuration calls itself that of an image.
  if (layers.some(({ mediaType }) => mediaType.startsWith('application/vnd.ollama.image.'))) return 'ollama';
  return isImageConfigType(config.mediaType) ? undefined : 'oras';
}

/** In what oras pushes, a title makes a file of a layer whatever its media type says: an image layer's is the default. */
function typeOf(layer: Descriptor, scheme: ModelScheme): ModelLayerType | undefined {
  const known = modelLayerType(layer.mediaType);
  if (scheme !== 'oras') return known;
  if (layer.annotations[unpack] === 'true') return { role: 'file', form: 'tar' };
  return titleOf(layer) === undefined ? known : { role: known?.role ?? 'file', form: 'file' };
}

/** oras itself gives plain files the type of a tar that is not packed, and looking at one shows that it is none. */
function isHidden({ mediaType }: Descriptor, path: string): boolean {
  const isPacked = layerKindOf(mediaType) === 'tar' && !mediaType.endsWith('.tar');
  return isPacked && !/\.(?:tar|tgz|tzst|gz|zst|zstd)$/i.test(path);
}

interface Content {
  readonly role: ModelLayerRole;
  readonly form: 'file' | 'tar' | 'opaque';
  readonly path: string;
  readonly reason: string;
}

function contentOf(
  layer: Descriptor,
  index: number,
  type: ModelLayerType | undefined,
  types: readonly (ModelLayerType | undefined)[],
  paths: ArtifactPaths,
  problems: Problem[],
): Content {
  if (!type) {
    const shown = JSON.stringify(shortened(layer.mediaType, 120));
    return { role: 'file', form: 'opaque', path: '', reason: `its media type ${shown} is not known` };
  }
  const { role, form } = type;
  if (form === 'tar') return { role, form, path: '', reason: '' };
  const given = titleOf(layer);
  const name = ownName(type, index, types);
  const { path, problem } = paths.take(given, name, index);
  if (problem) problems.push(problem);
  return { role, form, path, reason: '' };
}

function titleOf({ annotations }: Descriptor): string | undefined {
  return [...filePath, title].map((name) => annotations[name]).find((name) => name !== undefined);
}

/** A name of the role; parts of one model are numbered as the libraries number them. */
function ownName(
  type: ModelLayerType,
  index: number,
  types: readonly (ModelLayerType | undefined)[],
): string {
  const { stem = type.role, extension = '', isShard } = type;
  const isSame = (other: ModelLayerType | undefined): boolean =>
    other?.role === type.role && other.stem === type.stem && other.extension === type.extension;
  const count = types.filter(isSame).length;
  const number = types.slice(0, index + 1).filter(isSame).length;
  if (count === 1) return `${stem}${extension}`;
  if (isShard) return `${stem}-${digits(number)}-of-${digits(count)}${extension}`;
  return number === 1 ? `${stem}${extension}` : `${stem}-${number}${extension}`;
}

function digits(number: number): string {
  return String(number).padStart(5, '0');
}
