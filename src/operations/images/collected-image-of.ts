import { canonicalJson } from '../../core/canonical-json.ts';
import { formatDigest } from '../../core/digest.ts';
import type { ImageManifest, ResolvedImage } from '../../core/image.ts';
import type { BaseStatement } from '../../inventory/base-image.ts';
import type { CollectedImage, CollectedLayer } from '../../inventory/collected-image.ts';
import type { Squashed } from '../../inventory/squash.ts';
import type { AttachedReferences } from './attached-references.ts';
import type { ArtifactLayers, NamedLayer } from './named-layers.ts';
import type { ReadLayer } from './read-image-layers.ts';
import { redactedHistory } from './redacted-history.ts';

export interface CollectedImageInput {
  readonly image: ResolvedImage;
  readonly model: ArtifactLayers | undefined;
  readonly layers: readonly NamedLayer[];
  readonly read: readonly ReadLayer[];
  readonly squashed: Squashed;
  readonly bases: readonly BaseStatement[];
  readonly references: AttachedReferences;
}

/** Hidden content and removed packages that are listed, of each. */
export const mostListed = 1000;

/** What is told of an image beside its files. */
export function collectedImage(input: CollectedImageInput): CollectedImage {
  const { image, model, squashed, layers } = input;
  const { manifest, config, store } = image;
  const layerAt = (index: number): string => {
    const { diffId, descriptor } = layers[index]?.source ?? {};
    const id = diffId ?? descriptor?.digest;
    return id ? formatDigest(id) : String(index);
  };
  const own = squashed.files.filter(({ link }) => link === undefined);
  return {
    kind: model ? 'model-artifact' : 'image',
    ...(model ? { scheme: model.artifact.scheme } : {}),
    ...(manifest ? { manifest: manifestOf(manifest) } : {}),
    config: { digest: config.digest, mediaType: config.mediaType },
    indexes: image.indexes.map(({ digest }) => digest),
    ...(store.repository === undefined ? {} : { repository: store.repository }),
    tags: store.tags,
    ...(image.image?.platform ? { platform: image.image.platform } : {}),
    layers: layers.map((layer, index) => layerOf(layer, input.read[index], squashed)),
    bases: input.bases,
    attached: input.references.list,
    files: own.length,
    bytes: own.reduce((sum, { size }) => sum + size, 0),
    hidden: squashed.hidden.slice(0, mostListed).map(({ path, layer, sha256, size, removedBy, findings }) =>
      canonicalJson({
        path,
        layer: layerAt(layer),
        sha256,
        size,
        removedBy: layerAt(removedBy),
        ...(findings.length > 0 ? { findings: [...new Set(findings.map(({ rule }) => rule))].sort() } : {}),
      }),
    ),
    removed: squashed.removed
      .slice(0, mostListed)
      .map(({ layer, removedBy, ...removed }) =>
        canonicalJson({ ...removed, layer: layerAt(layer), removedBy: layerAt(removedBy) }),
      ),
  };
}

function manifestOf({ descriptor, artifactType }: ImageManifest): NonNullable<CollectedImage['manifest']> {
  const { digest, mediaType } = descriptor;
  return { digest, mediaType, ...(artifactType === undefined ? {} : { artifactType }) };
}

function layerOf(layer: NamedLayer, read: ReadLayer | undefined, { changes }: Squashed): CollectedLayer {
  const { index, source, content } = layer;
  const { descriptor, history } = source;
  const result = read?.result;
  const isUnpacked = result && content.kind !== 'opaque';
  const diffId = source.diffId ?? (isUnpacked && read.verification === 'content' ? result.diffId : undefined);
  const createdBy = history?.createdBy;
  const change = changes[index];
  return {
    index,
    ...(diffId ? { diffId } : {}),
    ...(descriptor ? { digest: descriptor.digest, mediaType: descriptor.mediaType } : {}),
    ...(content.kind === 'file' ? { title: content.path } : {}),
    ...(descriptor ? { size: descriptor.size } : {}),
    ...(isUnpacked ? { unpackedSize: result.unpackedSize } : {}),
    ...(isUnpacked && descriptor ? { codec: result.codec } : {}),
    ...(createdBy === undefined ? {} : { createdBy: redactedHistory(createdBy) }),
    ...(history?.created === undefined ? {} : { created: history.created }),
    verification: read?.verification ?? 'claimed',
    ...(isUnpacked && content.kind === 'tar' && change ? { changes: change } : {}),
    opaque: result?.opaque ?? [],
  };
}
