import type { Descriptor } from '../../core/image.ts';
import { isUnknownPlatform } from '../../formats/oci/platform.ts';
import { isBesideTag } from '../../formats/oci/referrers-tag.ts';

/**
 * True for what is about an image and is none: BuildKit's attestations (docs/attestations/attestation-storage.md),
 * cosign's signatures, lists of referrers. Nobody runs these, so none of them is ever chosen.
 */
export function isBeside({ annotations, platform, artifactType }: Descriptor): boolean {
  const said = (key: string): string => (Object.hasOwn(annotations, key) ? (annotations[key] ?? '') : '');
  return (
    said('vnd.docker.reference.type') !== '' ||
    artifactType === 'application/vnd.docker.attestation.manifest.v1+json' ||
    (platform !== undefined && isUnknownPlatform(platform)) ||
    isBesideTag(said('org.opencontainers.image.ref.name')) ||
    /^dev\.cosignproject\.cosign\/(?:sigs|atts|sboms)$/.test(said('kind'))
  );
}
