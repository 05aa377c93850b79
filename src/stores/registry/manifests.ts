import { createHash } from 'node:crypto';
import { formatDigest, type Digest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import { textAt } from '../../core/json-access.ts';
import { parseJson } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { parseDigest } from '../../formats/oci/digest.ts';
import {
  dockerListType,
  dockerManifestType,
  isIndexType,
  isManifestType,
  ociIndexType,
  ociManifestType,
} from '../../formats/oci/media-types.ts';
import { contentTypeOf, fieldOf, readBody } from './answers.ts';
import type { Answer } from './http.ts';
import type { PushedManifest, RegistryManifest } from './registry-client.ts';
import type { Call, Session } from './session.ts';

/** What of manifests is read. */
export const manifestAccept = [ociIndexType, ociManifestType, dockerListType, dockerManifestType].join(', ');

/** @throws MlbomError see `RegistryClient.manifest` */
export async function getManifest(
  session: Session,
  reference: string | Digest,
  signal: AbortSignal | undefined,
): Promise<RegistryManifest & { etag?: string }> {
  const name = nameOf(reference);
  const call: Call = {
    method: 'GET',
    url: session.urlOf(`manifests/${name}`),
    intent: 'pull',
    subject: `manifest ${name}`,
    headers: { accept: manifestAccept },
    signal,
  };
  return session.send(call, async (answer) => {
    if (answer.status !== 200) throw await session.refusal(answer, call);
    const bytes = await readBody(answer, limits.imageManifestBytes, call.subject);
    const digest = verifiedDigest(bytes, name, answer);
    const etag = fieldOf(answer, 'etag');
    return { bytes, mediaType: mediaTypeOf(answer, bytes), digest, ...(etag !== undefined && { etag }) };
  });
}

/** @throws MlbomError see `RegistryClient.putManifest` */
export async function putManifest(
  session: Session,
  reference: string | Digest,
  bytes: Uint8Array,
  mediaType: string,
  { ifMatch, signal }: { readonly ifMatch?: string | undefined; readonly signal?: AbortSignal | undefined },
): Promise<PushedManifest> {
  const name = nameOf(reference);
  const call: Call = {
    method: 'PUT',
    url: session.urlOf(`manifests/${name}`),
    intent: 'push',
    subject: `manifest ${name}`,
    headers: { 'content-type': mediaType, ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
    body: bytes,
    signal,
  };
  return session.send(call, async (answer) => {
    if (answer.status === 412) throw changedMeanwhile(answer, call);
    if (answer.status < 200 || answer.status > 299) throw await session.refusal(answer, call);
    answer.discard();
    const digest = verifiedDigest(bytes, name, answer);
    const subject = fieldOf(answer, 'oci-subject');
    const etag = fieldOf(answer, 'etag');
    return { digest, ...(subject !== undefined && { subject }), ...(etag !== undefined && { etag }) };
  });
}

/** A tag, or a digest, for a path. @throws MlbomError `E_USAGE` */
function nameOf(reference: string | Digest): string {
  const name = typeof reference === 'string' ? reference : formatDigest(reference);
  if (name.includes(':')) return formatDigest(parseDigest(name));
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name)) return name;
  const subject = shortened(name, 140);
  throw new MlbomError('E_USAGE', `${subject}: neither a tag nor a digest`, { subject });
}

/**
 * The digest of bytes, which must be the one that was asked for; of a tag, the one that the registry says
 * (`Docker-Content-Digest`).
 */
function verifiedDigest(bytes: Uint8Array, name: string, answer: Answer): Digest {
  const header = fieldOf(answer, 'docker-content-digest');
  const expected = name.includes(':')
    ? parseDigest(name)
    : header === undefined || header === ''
      ? undefined
      : parseDigest(header, `${answer.url.host}: Docker-Content-Digest`);
  const algorithm = expected?.algorithm ?? 'sha256';
  const hex = createHash(algorithm).update(bytes).digest('hex');
  if (expected === undefined || expected.hex === hex) return { algorithm, hex };
  const said = formatDigest(expected);
  throw new MlbomError('E_DIGEST', `manifest ${name}: its bytes have ${algorithm}:${hex}, not ${said}`, {
    subject: said,
    rule: 'manifest-digest',
  });
}

function mediaTypeOf(answer: Answer, bytes: Uint8Array): string {
  const type = contentTypeOf(answer);
  if (isManifestType(type) || isIndexType(type)) return type;
  try {
    return textAt(parseJson(bytes), 'mediaType') ?? type;
  } catch {
    return type;
  }
}

function changedMeanwhile(answer: Answer, { subject }: Call): MlbomError {
  answer.discard();
  return new MlbomError('E_UNREACHABLE', `${subject}: somebody else changed it meanwhile`, {
    subject,
    rule: 'changed-meanwhile',
    next: 'try again',
  });
}
