import { formatDigest, type Digest } from '../../core/digest.ts';
import { isMlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageStore, ResolvedImage } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { contradiction, incomplete, type Problem } from '../../core/problem.ts';
import { isManifestType } from '../../formats/oci/media-types.ts';
import { readManifest, type ReadManifest } from '../../formats/oci/read-manifest.ts';
import { verifiedBytes } from '../../stores/oci/verified-bytes.ts';
import { bundlePredicateTypeAnnotation } from './referrer-manifest.ts';

/** What a document is by its media type; nothing of it is read for that. */
export type AttachedKind =
  | 'cyclonedx'
  | 'spdx'
  | 'sigstore-bundle'
  /** An in-toto statement that nobody signed: BuildKit's. */
  | 'in-toto'
  /** cosign's attestations before bundles, under the tag `sha256-<hex>.att`. */
  | 'dsse'
  | 'cosign-signature'
  | 'other';

/** A document that lies beside an image and says to be about it. */
export interface AttachedDocument {
  readonly kind: AttachedKind;
  /** Of the manifest that brings it. */
  readonly digest: Digest;
  readonly artifactType?: string;
  /** What a statement in it says, by the annotations: a claim. */
  readonly predicateType?: string;
  /** Its media type, digest and size in bytes. */
  readonly content: Descriptor;
  /** `referrer`: its manifest names the image as subject; `tag`: cosign's tags do; `index`: it lies in the image's index. */
  readonly how: 'referrer' | 'tag' | 'index';
}

export interface FoundDocuments {
  readonly documents: readonly AttachedDocument[];
  /** Manifests that are listed and cannot be believed. None of their documents is among `documents`. */
  readonly problems: readonly Problem[];
}

/**
 * What lies beside the manifest or index of this digest, by a place's list of referrers and cosign's tags. The list is
 * a claim of the place: a manifest in it that says to be about something else is a problem, and is not used.
 * @throws MlbomError `E_UNREACHABLE`, `E_UNREADABLE`, `E_ABORTED`
 */
export async function findAttached(
  store: ImageStore,
  digest: Digest,
  signal?: AbortSignal,
): Promise<FoundDocuments> {
  const listed = await store.referrers(digest, signal);
  const parts: FoundDocuments[] = [];
  for (const descriptor of listed.slice(0, limits.imageDescriptors)) {
    parts.push(await oneOf(store, descriptor, digest, signal));
  }
  if (listed.length > limits.imageDescriptors) {
    const why = `${listed.length} referrers, more than ${limits.imageDescriptors}: the rest is not read`;
    parts.push({ documents: [], problems: [incomplete('limit', formatDigest(digest), why)] });
  }
  return joined(parts);
}

/**
 * BuildKit's attestations of an image: manifests in its index that name it in an annotation
 * (docs/attestations/attestation-storage.md).
 * @throws MlbomError as `findAttached`
 */
export async function findBuildkitAttestations(
  image: ResolvedImage,
  signal?: AbortSignal,
): Promise<FoundDocuments> {
  const digest = image.manifest?.descriptor.digest;
  if (!digest) return { documents: [], problems: [] };
  const mine = image.neighbours.filter(
    ({ annotations }) =>
      annotations['vnd.docker.reference.type'] === 'attestation-manifest' &&
      annotations['vnd.docker.reference.digest'] === formatDigest(digest),
  );
  const parts: FoundDocuments[] = [];
  for (const descriptor of mine) parts.push(await oneOf(image.store, descriptor, digest, signal, 'index'));
  return joined(parts);
}

/**
 * The bytes of a document, once they have its digest.
 * @throws MlbomError `E_DIGEST`, `E_LIMIT`, `E_NOT_FOUND`, what the place throws
 */
export async function readAttached(
  store: Pick<ImageStore, 'open'>,
  { kind, content }: AttachedDocument,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return verifiedBytes(store, content, longest[kind], `the ${kind} document`, signal);
}

const longest: Record<AttachedKind, number> = {
  cyclonedx: limits.bomBytes,
  spdx: limits.bomBytes,
  'sigstore-bundle': limits.bundleBytes,
  'in-toto': limits.attachedStatementBytes,
  dsse: limits.attachedStatementBytes,
  'cosign-signature': limits.attachedStatementBytes,
  other: limits.attachedStatementBytes,
};

async function oneOf(
  store: ImageStore,
  descriptor: Descriptor,
  subject: Digest,
  signal: AbortSignal | undefined,
  place?: 'index',
): Promise<FoundDocuments> {
  const name = formatDigest(descriptor.digest);
  if (!isManifestType(descriptor.mediaType)) return { documents: [], problems: [] };
  try {
    const what = 'the attached manifest';
    const bytes = await verifiedBytes(store, descriptor, limits.imageManifestBytes, what, signal);
    const manifest = readManifest(bytes, descriptor.mediaType, `${what} ${name}`);
    if (manifest.kind === 'index') return { documents: [], problems: [] };
    const said = manifest.subject && formatDigest(manifest.subject.digest);
    if (said !== undefined && said !== formatDigest(subject)) {
      const why = `listed as being about ${formatDigest(subject)}, and says to be about ${said}: not used`;
      return { documents: [], problems: [contradiction('other-subject', name, why)] };
    }
    const how = place ?? (said === undefined ? 'tag' : 'referrer');
    return { documents: documentsIn(manifest, descriptor, how), problems: [] };
  } catch (error) {
    return { documents: [], problems: [problemOf(error, name)] };
  }
}

/** What is wrong with one manifest says nothing about the others; what hinders every request does. */
function problemOf(error: unknown, name: string): Problem {
  if (!isMlbomError(error)) throw error;
  const { code, message } = error;
  if (code === 'E_DIGEST') return contradiction('digest', name, message);
  const own = ['E_NOT_FOUND', 'E_MALFORMED', 'E_LIMIT', 'E_UNSUPPORTED'];
  if (!own.includes(code)) throw error;
  return incomplete(code.slice(2).toLowerCase().replaceAll('_', '-'), name, message);
}

function documentsIn(
  manifest: ReadManifest,
  { digest, annotations }: Descriptor,
  how: AttachedDocument['how'],
): AttachedDocument[] {
  const { artifactType = manifest.config.mediaType } = manifest;
  const [first = manifest.config] = manifest.layers;
  const known = manifest.layers.filter(({ mediaType }) => kindOf(mediaType) !== 'other');
  return (known.length > 0 ? known : [first]).map((content): AttachedDocument => {
    const kind = kindOf(content.mediaType);
    const predicateType =
      kind === 'sigstore-bundle'
        ? (manifest.annotations[bundlePredicateTypeAnnotation] ?? annotations[bundlePredicateTypeAnnotation])
        : (content.annotations['in-toto.io/predicate-type'] ?? content.annotations['predicateType']);
    return {
      kind,
      digest,
      artifactType,
      ...(predicateType !== undefined && { predicateType }),
      content,
      how,
    };
  });
}

/** By the media type without its parameters: some write the version of the format there. */
function kindOf(mediaType: string): AttachedKind {
  const type = (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (type.startsWith('application/vnd.dev.sigstore.bundle')) return 'sigstore-bundle';
  return kinds.get(type) ?? 'other';
}

const kinds: ReadonlyMap<string, AttachedKind> = new Map([
  ['application/vnd.cyclonedx', 'cyclonedx'],
  ['application/vnd.cyclonedx+json', 'cyclonedx'],
  ['application/vnd.cyclonedx+xml', 'cyclonedx'],
  ['application/spdx+json', 'spdx'],
  ['text/spdx+json', 'spdx'],
  ['text/spdx', 'spdx'],
  ['application/vnd.in-toto+json', 'in-toto'],
  ['application/vnd.dsse.envelope.v1+json', 'dsse'],
  ['application/vnd.dev.cosign.simplesigning.v1+json', 'cosign-signature'],
]);

function joined(parts: readonly FoundDocuments[]): FoundDocuments {
  return {
    documents: parts.flatMap(({ documents }) => documents),
    problems: parts.flatMap(({ problems }) => problems),
  };
}
