import type { Digest } from '../../core/digest.ts';
import { withSubject } from '../../core/errors.ts';
import type { Blob, LayerSource, ResolvedImage } from '../../core/image.ts';
import type { LayerContent } from '../../core/layer.ts';
import { layerKindOf } from '../../formats/oci/media-types.ts';
import type { ModelArtifact } from '../../formats/oci/model-artifact.ts';
import { namedBlob } from './named-blob.ts';

/** A layer with the words by which messages name it, and what its bytes are. */
export interface NamedLayer {
  /** Lowest is 0. */
  readonly index: number;
  /** `layer 3 of 5` */
  readonly name: string;
  readonly source: LayerSource;
  readonly content: LayerContent;
}

/** What makes a manifest the one of a model, beside its layers. */
export interface ArtifactLayers {
  readonly artifact: ModelArtifact;
  /** Digests of the unpacked layers that its configuration promises. */
  readonly diffIds: readonly (Digest | undefined)[];
}

/** The layers of an image or of a model artifact, lowest first. */
export function namedLayers(image: ResolvedImage, model: ArtifactLayers | undefined): NamedLayer[] {
  return image.layers.map((layer, index): NamedLayer => {
    const diffId = layer.diffId ?? model?.diffIds[index];
    const name = `layer ${index + 1} of ${image.layers.length}`;
    const open = async (signal?: AbortSignal): Promise<Blob> => {
      const blob = await layer.open(signal).catch((error: unknown) => {
        throw withSubject(error, name);
      });
      return namedBlob(blob, name);
    };
    const source = { ...layer, ...(diffId ? { diffId } : {}), open };
    return { index, name, source, content: contentOf(model?.artifact.layers[index], source) };
  });
}

/** Plain data for another thread. What `docker save` wrote without a manifest is always a tar. */
function contentOf(layer: LayerContent | undefined, { descriptor }: LayerSource): LayerContent {
  if (layer?.kind === 'file') return { kind: 'file', path: layer.path };
  if (layer) return { kind: layer.kind };
  return descriptor && layerKindOf(descriptor.mediaType) !== 'tar' ? { kind: 'opaque' } : { kind: 'tar' };
}
