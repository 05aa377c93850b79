import { firstDifference } from '../first-difference.ts';
import { readBom } from '../../bom/read.ts';
import type { Bom } from '../../core/bom.ts';
import { formatDigest, isSameDigest, type Digest } from '../../core/digest.ts';
import { ifFound, isMlbomError, MlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageStore } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { cyclonedxPredicateType, type Statement } from '../../core/statement.ts';
import { isIndexType, ociIndexType, ociManifestType } from '../../formats/oci/media-types.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import { referrersTag } from '../../formats/oci/referrers-tag.ts';
import { readBundle } from '../../signing/read-bundle.ts';
import { readStatement } from '../../signing/read-statement.ts';
import type { RegistryClient } from '../../stores/registry/registry-client.ts';
import { verifiedBytes } from '../../stores/oci/verified-bytes.ts';
import { imageDigestsOf } from './image-digests-of.ts';
import { keepListed, type SharedIndex } from './keep-listed.ts';
import { bomReferrer, bundleReferrer, type Referrer } from './referrer-manifest.ts';

export interface AttachOptions {
  /** The repository, opened at the image. */
  readonly client: RegistryClient;
  /** The exact bytes of the BOM. */
  readonly bom: Uint8Array;
  /** Its signature. */
  readonly bundle: Uint8Array;
  /** Milliseconds after which a list that others write too is read again. */
  readonly settle?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Attached {
  /** What the documents were put beside: a manifest, or an index that the BOM is about. */
  readonly subject: Digest;
  readonly referrers: readonly {
    /** Of the manifest that belongs to the subject. */
    readonly digest: Digest;
    /** Of its content. */
    readonly mediaType: string;
    /** How others find it: by the registry's referrers API, or by the tag that stands in for it. */
    readonly how: 'api' | 'tag';
  }[];
}

/** A BOM and its signature, known to belong together. The signature itself is not verified here. */
export interface SignedDocuments {
  readonly bom: Bom;
  readonly bomBytes: Uint8Array;
  readonly bundle: Uint8Array;
  readonly statement: Statement;
}

/**
 * Puts a BOM and its signed bundle beside the image that they are about, where cosign, oras and trivy look for them.
 * The same again changes nothing.
 * @throws MlbomError `E_DIGEST` when they are about another image, `E_USAGE` when the bundle signs another BOM,
 *   `E_MALFORMED`, `E_UNREACHABLE`, `E_UNWRITABLE`
 */
export async function attach(options: AttachOptions): Promise<Attached> {
  const { client, signal } = options;
  const documents = readDocuments(options.bom, options.bundle);
  const subject = await subjectAt(client, documents, signal);
  const referrers = referrersOf(documents, subject);
  const confirmed = new Set<Descriptor>();
  for (const referrer of referrers) {
    if (await push(client, referrer, signal)) confirmed.add(referrer.descriptor);
  }
  const descriptors = referrers.map(({ descriptor }) => descriptor);
  const byApi = await listedByApi(client, subject.digest, descriptors, confirmed, signal);
  const unlisted = descriptors.filter((descriptor) => !byApi.has(descriptor));
  if (unlisted.length > 0) {
    const index = fallbackIndex(client, subject.digest);
    await keepListed(index, unlisted, { settle: options.settle, signal });
  }
  return {
    subject: subject.digest,
    referrers: descriptors.map((descriptor) => ({
      digest: descriptor.digest,
      mediaType: descriptor.artifactType,
      how: byApi.has(descriptor) ? 'api' : 'tag',
    })),
  };
}

/**
 * @throws MlbomError `E_USAGE` when the bundle does not sign this BOM, `E_MALFORMED`, `E_LIMIT`
 */
export function readDocuments(bomBytes: Uint8Array, bundle: Uint8Array): SignedDocuments {
  const bom = readBom(bomBytes, 'BOM');
  const statement = readStatement(readBundle(bundle).payload);
  if (statement.predicateType !== cyclonedxPredicateType) {
    throw new MlbomError('E_USAGE', 'the bundle signs no CycloneDX BOM', { subject: 'bundle' });
  }
  const pointer = firstDifference(statement.predicate, bom);
  if (pointer === undefined) return { bom, bomBytes, bundle, statement };
  throw new MlbomError('E_USAGE', `the bundle signs another BOM: it differs at ${pointer || '/'}`, {
    subject: 'bundle',
    next: 'sign this BOM: mlbom sign BOM --key KEY',
  });
}

/** The plain BOM comes first: what takes the first document that it can read gets the same content either way. */
export function referrersOf(
  { bom, bomBytes, bundle }: SignedDocuments,
  subject: Descriptor,
): readonly Referrer[] {
  const parts = { subject, created: bom.metadata?.timestamp };
  return [bomReferrer(bomBytes, parts), bundleReferrer(bundle, parts)];
}

/**
 * Which of the manifests at a place the documents are about: the first that the statement and the BOM both name.
 * @throws MlbomError `E_DIGEST` when they name none of them
 */
export function subjectAmong(
  candidates: readonly Descriptor[],
  documents: SignedDocuments,
  place: string,
): Descriptor {
  // What stands there under two names is one image.
  const [found, ...others] = candidates.filter((one) => isNamed(one, documents));
  if (found && others.some(({ digest }) => !isSameDigest(digest, found.digest))) {
    throw new MlbomError('E_USAGE', `${place}: the BOM is about several images there`, {
      subject: place,
      next: `name one of them by its digest: @${formatDigest(found.digest)}`,
    });
  }
  if (found) return found;
  const stated = imageDigestsOf(documents.bom);
  const about = stated.length === 0 ? 'no image at all' : stated.slice(0, 3).join(', ');
  const there = candidates[0] ? formatDigest(candidates[0].digest) : 'nothing';
  throw new MlbomError(
    'E_DIGEST',
    `${place}: the BOM is not about this image: there is ${there}, the BOM is about ${about}`,
    {
      subject: there,
      rule: 'other-image',
      next: 'name the image that the BOM was made from by its digest, or make a BOM of this one',
    },
  );
}

/**
 * What a place leads to, or else the one image of its index that the BOM is about.
 * @throws MlbomError as `subjectAmong`; what the place throws
 */
export async function subjectAt(
  store: ImageStore,
  documents: SignedDocuments,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const root = await store.root(signal);
  if (root.kind !== 'manifest') {
    throw new MlbomError('E_UNSUPPORTED', `${store.uri}: no manifest that anything could belong to`, {
      subject: store.uri,
    });
  }
  const { descriptor } = root;
  const named = [descriptor];
  if (isIndexType(descriptor.mediaType) && !isNamed(descriptor, documents)) {
    const bytes = await verifiedBytes(store, descriptor, limits.imageManifestBytes, 'the index', signal);
    const index = readManifest(bytes, descriptor.mediaType, `the index ${formatDigest(descriptor.digest)}`);
    if (index.kind === 'index') named.push(...index.descriptors);
  }
  return subjectAmong(named, documents, store.uri);
}

function isNamed({ digest }: Descriptor, { bom, statement }: SignedDocuments): boolean {
  return (
    imageDigestsOf(bom).includes(formatDigest(digest)) &&
    statement.subject.some((one) => one.digest[digest.algorithm] === digest.hex)
  );
}

/** True when the registry says that it will list the manifest. What is there already is not pushed again. */
async function push(
  client: RegistryClient,
  { manifest, descriptor, blobs }: Referrer,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (await ifFound(client.manifest(descriptor.digest, signal))) return false;
  for (const { digest, bytes } of blobs) await client.putBlob(bytes, digest, signal);
  const { subject } = await client.putManifest(descriptor.digest, manifest, ociManifestType, { signal });
  return subject !== undefined;
}

/**
 * What the registry's own list has. `OCI-Subject` in the answer to a push promises it, where there is such a list: some
 * answer so without one. Where a push was not confirmed, the list itself is asked.
 */
async function listedByApi(
  client: RegistryClient,
  subject: Digest,
  descriptors: readonly Descriptor[],
  confirmed: ReadonlySet<Descriptor>,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<Descriptor>> {
  if (!(await client.hasReferrersApi(subject, signal))) return new Set();
  if (confirmed.size === descriptors.length) return confirmed;
  const listed = await client.referrers(subject, signal);
  const isListed = ({ digest }: Descriptor): boolean =>
    listed.some((one) => isSameDigest(one.digest, digest));
  return new Set(descriptors.filter((one) => confirmed.has(one) || isListed(one)));
}

/** The list that clients keep where the registry keeps none (OCI distribution-spec 1.1, "Referrers Tag Schema"). */
function fallbackIndex(client: RegistryClient, subject: Digest): SharedIndex {
  const tag = referrersTag(subject);
  return {
    name: `${client.uri} (tag ${tag})`,
    async read(signal) {
      const found = await ifFound(client.manifestWithEtag(tag, signal));
      return found && { bytes: found.bytes, ...(found.etag === undefined ? {} : { version: found.etag }) };
    },
    async write(bytes, version, signal) {
      try {
        await client.putManifest(tag, bytes, ociIndexType, { ifMatch: version, signal });
        return true;
      } catch (error) {
        if (isMlbomError(error) && error.rule === 'changed-meanwhile') return false;
        throw error;
      }
    },
  };
}
