import { formatDigest, isSameDigest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageRoot } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { pause } from '../../core/pause.ts';
import { shortened } from '../../core/shortened.ts';
import { formatReference, registryHost, type ImageReference } from '../../formats/oci/image-reference.ts';
import { isIndexType, isManifestType, isSchema1Type } from '../../formats/oci/media-types.ts';
import { isSamePlatform, isUnknownPlatform } from '../../formats/oci/platform.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import { isBeside } from '../oci/is-beside.ts';
import { openAuthorizer } from './authorizer.ts';
import { assertSize, blobOf } from './blob-of.ts';
import type { Credentials } from './credentials.ts';
import { openHttp } from './http.ts';
import { getManifest, manifestAccept, putManifest } from './manifests.ts';
import { putBlob } from './put-blob.ts';
import { reachOfLiteral } from './reach.ts';
import { hasReferrersApi, listReferrers } from './referrers.ts';
import type { RegistryClient, RegistryManifest, RegistryOptions } from './registry-client.ts';
import { openSession, type Session } from './session.ts';

/**
 * Access to one repository of a registry. Nothing is sent before the first question.
 * @throws MlbomError `E_USAGE` when the registry's name is no host
 */
export function openRegistry(reference: ImageReference, options: RegistryOptions): RegistryClient {
  const { registry, repository, tag } = reference;
  const base = baseOf(registry, options.plainHttp);
  const timeout = options.timeout ?? limits.networkTimeout;
  const http = openHttp({ base, userAgent: options.userAgent, timeout, signal: options.signal });
  const credentials = async (): Promise<Credentials | undefined> =>
    options.credentials?.(registry, repository);
  const authorizer = openAuthorizer({ http, base, repository, credentials });
  const session = openSession({
    http,
    base,
    repository,
    registry,
    authorizer,
    pause: options.pause ?? pause,
  });
  return {
    kind: 'registry',
    uri: `oci://${formatReference(reference)}`,
    name: repository.split('/').at(-1) ?? repository,
    repository: `${registry}/${repository}`,
    tags: tag === undefined ? [] : [tag],
    root: (signal) => rootOf(session, reference, signal),
    open: (descriptor) => Promise.resolve().then(() => open(session, descriptor)),
    manifest: (name, signal) => getManifest(session, name, signal),
    manifestWithEtag: (name, signal) => getManifest(session, name, signal),
    referrers: (digest, signal, artifactType) => listReferrers(session, digest, artifactType, signal),
    hasReferrersApi: (digest, signal) => hasReferrersApi(session, digest, signal),
    putBlob: (bytes, digest, signal) => putBlob(session, bytes, digest, signal),
    putManifest: (name, bytes, mediaType, put = {}) => putManifest(session, name, bytes, mediaType, put),
    close: () => http.close(),
  };
}

function baseOf(registry: string, plainHttp: boolean | undefined): URL {
  const host = registryHost(registry);
  const text = `https://${host}/`;
  const url = /^[^/?#@\\\s]+$/.test(host) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url) {
    const subject = shortened(host.split('@').at(-1) ?? '', 160);
    throw new MlbomError('E_USAGE', `${subject}: not the host of a registry`, {
      subject,
      next: 'write HOST or HOST:PORT',
    });
  }
  const isPlain = plainHttp ?? reachOfLiteral(url.hostname) === 'loopback';
  return isPlain ? new URL(`http://${host}/`) : url;
}

/** Manifests lie apart from other blobs. */
function open(session: Session, descriptor: Descriptor): ReturnType<typeof blobOf> {
  const { mediaType } = descriptor;
  const isManifest = isManifestType(mediaType) || isIndexType(mediaType) || isSchema1Type(mediaType);
  assertSize(descriptor, isManifest);
  const name = formatDigest(descriptor.digest);
  return isManifest
    ? blobOf(session, descriptor, `manifests/${name}`, manifestAccept)
    : blobOf(session, descriptor, `blobs/${name}`, '*/*');
}

/** With a tag and a digest the digest decides what is read, and the tag must still lead to it. */
async function rootOf(
  session: Session,
  { tag, digest }: ImageReference,
  signal: AbortSignal | undefined,
): Promise<ImageRoot> {
  const found = await getManifest(session, digest ?? tag ?? 'latest', signal);
  if (digest && tag !== undefined) await assertLeadsTo(session, tag, found, signal);
  return {
    kind: 'manifest',
    descriptor: {
      mediaType: found.mediaType,
      digest: found.digest,
      size: found.bytes.length,
      annotations: {},
    },
    neighbours: [],
  };
}

/**
 * A tag leads to a manifest when it is the tag's own, or stands in the index under the tag, as what runtimes take for
 * its platform: they choose by that alone, whatever else an entry is called.
 */
async function assertLeadsTo(
  session: Session,
  tag: string,
  found: RegistryManifest,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = formatDigest(found.digest);
  const tagged = await getManifest(session, tag, signal);
  if (Buffer.compare(tagged.bytes, found.bytes) === 0) return;
  const content = readManifest(tagged.bytes, tagged.mediaType, `the manifest under ${tag}`);
  const listed = content.kind === 'index' ? content.descriptors : [];
  const own = listed.filter((one) => isSameDigest(one.digest, found.digest) && !isBeside(one));
  const others = listed.filter((one) => !isSameDigest(one.digest, found.digest));
  const rivals = own.map((one) => others.find((other) => isRival(one, other)));
  if (rivals.includes(undefined)) return;
  const [rival = tagged] = rivals;
  throw new MlbomError(
    'E_DIGEST',
    `manifest swapped under the tag ${tag}: it leads to ${formatDigest(rival.digest)}, not to ${name}`,
    { subject: name, rule: 'tag-moved', next: 'leave the tag out if the digest alone is meant' },
  );
}

/** What a runtime may take in place of `own`. */
function isRival(own: Descriptor, other: Descriptor): boolean {
  if (own.platform) return other.platform !== undefined && isSamePlatform(own.platform, other.platform);
  if (other.platform) return !isUnknownPlatform(other.platform);
  return other.artifactType === undefined && !isBeside(other);
}
