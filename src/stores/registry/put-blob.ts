import { formatDigest, type Digest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import { fieldOf } from './answers.ts';
import { nextHop } from './next-hop.ts';
import type { Call, Session } from './session.ts';

/** @throws MlbomError see `RegistryClient.putBlob` */
export async function putBlob(
  session: Session,
  bytes: Uint8Array,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (await hasBlob(session, digest, signal)) return;
  const name = formatDigest(digest);
  const shared = { intent: 'push', subject: `blob ${name}`, signal } as const;
  const start: Call = {
    ...shared,
    method: 'POST',
    url: session.urlOf('blobs/uploads/'),
    headers: {},
  };
  const location = await session.send(start, async (answer) => {
    const field = fieldOf(answer, 'location');
    if (answer.status !== 202) throw await session.refusal(answer, start);
    answer.discard();
    if (field === undefined) throw withoutLocation(start);
    return nextHop(field, answer.url, start.subject);
  });
  const upload: Call = {
    ...shared,
    method: 'PUT',
    url: withDigest(location, name),
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
  };
  await session.send(upload, async (answer) => {
    if (answer.status < 200 || answer.status > 299) throw await session.refusal(answer, upload);
    answer.discard();
    const stored = fieldOf(answer, 'docker-content-digest');
    if (stored === undefined || stored === name) return;
    throw new MlbomError('E_DIGEST', `blob ${name}: the registry stored another one`, {
      subject: name,
      rule: 'blob-digest',
    });
  });
}

async function hasBlob(session: Session, digest: Digest, signal: AbortSignal | undefined): Promise<boolean> {
  const name = formatDigest(digest);
  const url = session.urlOf(`blobs/${name}`);
  const call: Call = { method: 'HEAD', url, intent: 'push', subject: `blob ${name}`, headers: {}, signal };
  return session.send(call, async (answer) => {
    if (answer.status !== 200 && answer.status !== 404) throw await session.refusal(answer, call);
    answer.discard();
    return answer.status === 200;
  });
}

/** The query is the registry's own state and stays as it is. */
function withDigest(location: URL, digest: string): URL {
  const url = new URL(location);
  url.search = `${location.search}${location.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
  return url;
}

function withoutLocation({ subject, url }: Call): MlbomError {
  return new MlbomError('E_MALFORMED', `${url.host}: does not say where to upload`, {
    subject,
    rule: 'upload-location',
  });
}
