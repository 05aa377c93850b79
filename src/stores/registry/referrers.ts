import { formatDigest, type Digest } from '../../core/digest.ts';
import { ifFound, MlbomError } from '../../core/errors.ts';
import type { Descriptor } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { isIndexType, ociIndexType } from '../../formats/oci/media-types.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import { cosignTags, referrersTag } from '../../formats/oci/referrers-tag.ts';
import { contentTypeOf, readBody } from './answers.ts';
import { getManifest } from './manifests.ts';
import { nextPage } from './next-page.ts';
import type { Call, Session } from './session.ts';

/** @throws MlbomError see `RegistryClient.referrers` */
export async function listReferrers(
  session: Session,
  digest: Digest,
  artifactType: string | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly Descriptor[]> {
  const fromApi = await referrersFromApi(session, digest, artifactType, signal);
  const listed = fromApi ?? (await referrersFromTag(session, digest, signal));
  // The registry may leave the filter out (distribution-spec, Listing Referrers).
  const wanted = listed.filter((one) => artifactType === undefined || one.artifactType === artifactType);
  const cosign = artifactType === undefined ? await cosignManifests(session, digest, signal) : [];
  return withoutRepeats([...wanted, ...cosign]);
}

export async function hasReferrersApi(
  session: Session,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return (await getPage(session, firstPage(session, digest), digest, signal)) !== undefined;
}

/** Undefined where the registry has no such API. */
async function referrersFromApi(
  session: Session,
  digest: Digest,
  artifactType: string | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly Descriptor[] | undefined> {
  const found: Descriptor[] = [];
  const seen = new Set<string>();
  let url: URL | undefined = firstPage(session, digest, artifactType);
  while (url) {
    if (seen.has(url.href)) throw tooMany(digest, 'its pages lead in a circle');
    seen.add(url.href);
    if (seen.size > limits.registryPages) throw tooMany(digest, `more than ${limits.registryPages} pages`);
    const page = await getPage(session, url, digest, signal);
    if (!page) return seen.size === 1 ? undefined : found;
    found.push(...page.descriptors);
    if (found.length > limits.imageDescriptors) {
      throw tooMany(digest, `more than ${limits.imageDescriptors} referrers`);
    }
    url = page.next;
  }
  return found;
}

function firstPage(session: Session, digest: Digest, artifactType?: string): URL {
  const url = session.urlOf(`referrers/${formatDigest(digest)}`);
  if (artifactType !== undefined) url.searchParams.set('artifactType', artifactType);
  return url;
}

interface Page {
  readonly descriptors: readonly Descriptor[];
  readonly next: URL | undefined;
}

/** Undefined for anything but an index: registries without the API answer 404, or a page for people. */
async function getPage(
  session: Session,
  url: URL,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<Page | undefined> {
  const subject = `referrers of ${formatDigest(digest)}`;
  const call: Call = {
    method: 'GET',
    url,
    intent: 'pull',
    subject,
    headers: { accept: ociIndexType },
    signal,
  };
  return session.send(call, async (answer) => {
    const { status } = answer;
    if (status === 401 || status === 403) throw await session.refusal(answer, call);
    if (status !== 200 || !isIndexType(contentTypeOf(answer))) {
      answer.discard();
      return undefined;
    }
    const bytes = await readBody(answer, limits.registryAnswerBytes, subject);
    const next = nextPage(answer.fields('link'), answer.url, subject);
    return { descriptors: descriptorsIn(bytes, ociIndexType, subject), next };
  });
}

async function referrersFromTag(
  session: Session,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<readonly Descriptor[]> {
  const tag = referrersTag(digest);
  const found = await ifFound(getManifest(session, tag, signal));
  if (!found) return [];
  return descriptorsIn(found.bytes, found.mediaType, `the referrers under ${tag}`);
}

/** What cosign 1 and 2 wrote beside an image. */
async function cosignManifests(
  session: Session,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = [];
  for (const tag of cosignTags(digest)) {
    const manifest = await ifFound(getManifest(session, tag, signal));
    if (!manifest) continue;
    const { bytes, mediaType } = manifest;
    found.push({ mediaType, digest: manifest.digest, size: bytes.length, annotations: {} });
  }
  return found;
}

function descriptorsIn(bytes: Uint8Array, mediaType: string, what: string): readonly Descriptor[] {
  const index = readManifest(bytes, mediaType, what);
  if (index.kind === 'index') return index.descriptors;
  throw new MlbomError('E_MALFORMED', `${what}: not an index`, { subject: what, rule: 'referrers' });
}

function withoutRepeats(descriptors: readonly Descriptor[]): readonly Descriptor[] {
  const byDigest = new Map<string, Descriptor>();
  for (const one of descriptors) {
    const name = formatDigest(one.digest);
    if (!byDigest.has(name)) byDigest.set(name, one);
  }
  return [...byDigest.values()];
}

function tooMany(digest: Digest, why: string): MlbomError {
  const subject = formatDigest(digest);
  return new MlbomError('E_LIMIT', `referrers of ${subject}: ${why}`, { subject, rule: 'referrers' });
}
