import { readModelConfig } from '../../collectors/image/model-artifact-facts.ts';
import { promisedDiffIds } from '../../collectors/image/promised-diff-ids.ts';
import { formatDigest } from '../../core/digest.ts';
import type { ResolvedImage } from '../../core/image.ts';
import { modelArtifactOf } from '../../formats/oci/model-artifact.ts';
import type { ArtifactLayers } from './named-layers.ts';

/**
 * What the manifest carries when it is no root file system.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT` for a configuration that does not fit the layers
 */
export function modelOf({ manifest, config, image }: ResolvedImage): ArtifactLayers | undefined {
  const artifact = manifest && !image && modelArtifactOf(manifest);
  if (!artifact) return undefined;
  const source = `configuration ${formatDigest(config.digest)}`;
  // What oras pushes may have anything there.
  const said = artifact.scheme === 'oras' ? {} : readModelConfig(config.bytes, source);
  const diffIds = promisedDiffIds(artifact.scheme, said, manifest.layers);
  return { artifact, diffIds };
}
