import { canonicalBytes } from '../../core/canonical-json.ts';
import { formatDigest, sha256Digest, type Digest } from '../../core/digest.ts';
import type { Descriptor } from '../../core/image.ts';
import { cyclonedxPredicateType } from '../../core/statement.ts';
import { ociEmptyType, ociManifestType } from '../../formats/oci/media-types.ts';

const cyclonedxMediaType = 'application/vnd.cyclonedx+json';
const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const bundleContentAnnotation = 'dev.sigstore.bundle.content';
export const bundlePredicateTypeAnnotation = 'dev.sigstore.bundle.predicateType';

const titleAnnotation = 'org.opencontainers.image.title';
const bomExtension = 'cdx.json';
const bundleExtension = 'sigstore.json';

/** The one configuration of what has none (OCI image-spec 1.1, manifest.md, "Guidance for an Empty Descriptor"). */
const emptyConfig: Uint8Array = Buffer.from('{}');

/** A manifest that belongs to another one, with the content that it points to. */
export interface Referrer {
  /** Its exact bytes. */
  readonly manifest: Uint8Array;
  /** As a list of referrers has it: with the artifact type and every annotation of the manifest. */
  readonly descriptor: Descriptor & { readonly artifactType: string };
  readonly blobs: readonly { readonly digest: Digest; readonly bytes: Uint8Array }[];
}

export interface ReferrerParts {
  /** What it belongs to; the size is that of the raw bytes. */
  readonly subject: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  /** RFC 3339; from the BOM, so that the same input gives the same bytes. */
  readonly created?: string | undefined;
}

/**
 * The BOM itself beside an image. The artifact type is the media type of the only layer: trivy asks for a layer by it
 * (pkg/fanal/artifact/image/remote_sbom.go); oras and cdxgen find it by the same.
 */
export function bomReferrer(bom: Uint8Array, parts: ReferrerParts): Referrer {
  return referrer(bom, cyclonedxMediaType, bomExtension, {}, parts);
}

/** The signed BOM as cosign 3 stores attestations (its specs/BUNDLE_SPEC.md and pkg/oci/remote/write.go). */
export function bundleReferrer(bundle: Uint8Array, parts: ReferrerParts): Referrer {
  const annotations = {
    [bundleContentAnnotation]: 'dsse-envelope',
    [bundlePredicateTypeAnnotation]: cyclonedxPredicateType,
  };
  return referrer(bundle, bundleMediaType, bundleExtension, annotations, parts);
}

/** True for content that was put there by this package: a BOM that lists them would be another one each time. */
export function isOwn({ digest, annotations }: Pick<Descriptor, 'digest' | 'annotations'>): boolean {
  const title = annotations[titleAnnotation];
  return [bomExtension, bundleExtension].some((extension) => title === ownTitle(digest, extension));
}

function ownTitle({ hex }: Digest, extension: string): string {
  return `sha256-${hex}.${extension}`;
}

function referrer(
  content: Uint8Array,
  type: string,
  extension: string,
  said: Readonly<Record<string, string>>,
  { subject, created }: ReferrerParts,
): Referrer {
  const [layer, config] = [sha256Digest(content), sha256Digest(emptyConfig)];
  const annotations = {
    ...said,
    ...(created === undefined ? {} : { 'org.opencontainers.image.created': created }),
  };
  const manifest = canonicalBytes({
    schemaVersion: 2,
    mediaType: ociManifestType,
    artifactType: type,
    config: {
      mediaType: ociEmptyType,
      digest: formatDigest(config),
      size: emptyConfig.length,
      data: Buffer.from(emptyConfig).toString('base64'),
    },
    layers: [
      {
        mediaType: type,
        digest: formatDigest(layer),
        size: content.length,
        // A name that no two contents share: what pulls by title never overwrites one with another.
        annotations: { [titleAnnotation]: ownTitle(layer, extension) },
      },
    ],
    subject: { mediaType: subject.mediaType, digest: formatDigest(subject.digest), size: subject.size },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  });
  return {
    manifest,
    descriptor: {
      mediaType: ociManifestType,
      digest: sha256Digest(manifest),
      size: manifest.length,
      artifactType: type,
      annotations,
    },
    blobs: [
      { digest: config, bytes: emptyConfig },
      { digest: layer, bytes: content },
    ],
  };
}
