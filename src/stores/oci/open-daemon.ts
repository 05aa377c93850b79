import { basename } from 'node:path';
import { Agent, request, type Dispatcher } from 'undici';
import { isMlbomError, messageOf, MlbomError } from '../../core/errors.ts';
import type { ImageStore } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';
import { formatReference, namesItsHost, parseImageReference } from '../../formats/oci/image-reference.ts';
import { archiveStore } from './archive-store.ts';
import { daemonSockets, type DaemonKind } from './daemon-sockets.ts';
import { localBlob } from './local-blob.ts';
import { privateFile } from './private-file.ts';

export interface OpenDaemonOptions {
  readonly signal?: AbortSignal | undefined;
  /** `process.env` when absent. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * An image in the store of a docker or podman daemon on this machine, copied from its socket to a private file.
 * @param reference a name (`latest` where it has no tag), or an id
 * @throws MlbomError `E_UNREACHABLE` without a daemon, `E_NOT_FOUND` when it has no such image; what archives give
 */
export async function openDaemon(
  kind: DaemonKind,
  reference: string,
  { signal, env = process.env }: OpenDaemonOptions = {},
): Promise<ImageStore> {
  const image = imageName(reference);
  const place = `${kind === 'podman' ? 'podman' : 'docker-daemon'}:${image.name}`;
  const copy = await withSocket(kind, env, place, (socketPath) =>
    savedImage({ kind, socketPath, name: image.name, place }, signal),
  );
  try {
    const store = await archiveStore(
      {
        uri: place,
        name: image.called,
        place,
        bytes: localBlob({ file: copy.file, offset: 0, length: copy.size }, place),
        close: () => copy.remove(),
      },
      undefined,
      signal,
    );
    return image.repository === undefined ? store : { ...store, repository: image.repository };
  } catch (error) {
    await copy.remove();
    throw error;
  }
}

interface ImageName {
  /** As the daemon is asked for it. */
  readonly name: string;
  readonly called: string;
  readonly repository?: string;
}

/** Without a tag, a daemon would give all tags of the repository. */
function imageName(reference: string): ImageName {
  if (/^(?:sha256:)?[0-9a-f]{12,64}$/.test(reference)) return { name: reference, called: reference };
  const parsed = parseImageReference(reference);
  const { registry, repository, tag, digest } = parsed;
  const isComplete = tag !== undefined || digest !== undefined;
  const named = namesItsHost(reference);
  const full = formatReference(isComplete ? parsed : { ...parsed, tag: 'latest' });
  return {
    // A name without a host is the daemon's to complete.
    name: named ? full : `${reference}${isComplete ? '' : ':latest'}`,
    called: basename(repository),
    ...(named && { repository: `${registry}/${repository}` }),
  };
}

interface Question {
  readonly kind: DaemonKind;
  readonly socketPath: string;
  readonly name: string;
  readonly place: string;
}

type Copy = Awaited<ReturnType<typeof privateFile>>;

/** The first socket at which somebody listens. */
async function withSocket(
  kind: DaemonKind,
  env: Readonly<Record<string, string | undefined>>,
  place: string,
  use: (socketPath: string) => Promise<Copy>,
): Promise<Copy> {
  const sockets = daemonSockets(kind, env);
  let cause: unknown;
  for (const socketPath of sockets) {
    try {
      return await use(socketPath);
    } catch (error) {
      if (!isNobody(error)) throw error;
      cause = error;
    }
  }
  const save = kind === 'podman' ? 'podman save --format oci-archive' : 'docker save';
  const tried = sockets.length > 0 ? `no one answers at ${sockets.join(', ')}` : 'no socket is known';
  throw new MlbomError('E_UNREACHABLE', `${place}: ${tried}`, {
    subject: place,
    rule: 'daemon-socket',
    next: `start the daemon, or write the image to a file with ${save} -o and name that`,
    cause,
  });
}

/** There is no socket, or nobody listens at it; one that may not be used is told. */
function isNobody(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR' || code === 'ENOTSOCK';
}

/** Milliseconds without a byte: Docker's older store packs all layers before it sends the first. */
const exportTimeout = 600_000;

async function savedImage(question: Question, signal: AbortSignal | undefined): Promise<Copy> {
  const { socketPath, place } = question;
  const agent = new Agent({
    connect: { socketPath, timeout: limits.networkTimeout },
    headersTimeout: exportTimeout,
    bodyTimeout: exportTimeout,
  });
  try {
    const answer = await request(addressOf(question), { dispatcher: agent, signal: signal ?? null });
    if (answer.statusCode !== 200) throw await refused(answer, question);
    return await privateFile(answer.body, place, signal);
  } catch (error) {
    throwIfAborted(signal);
    if (isMlbomError(error) || isNobody(error)) throw error;
    throw new MlbomError('E_UNREACHABLE', `${place}: ${socketPath}: ${messageOf(error)}`, {
      subject: place,
      rule: 'daemon-answer',
      next: 'look whether you may use the socket, and try again',
      cause: error,
    });
  } finally {
    await agent.destroy();
  }
}

/** Docker Engine API, "Export an image"; podman's libpod API, "Export an image". */
function addressOf({ kind, name }: Question): string {
  const image = name.split('/').map(encodeURIComponent).join('/');
  if (kind === 'docker') return `http://localhost/images/${image}/get`;
  return `http://localhost/v4.0.0/libpod/images/${encodeURIComponent(name)}/get?format=oci-archive`;
}

/** The daemon's own words stay out: they are not ours to repeat. */
async function refused(
  answer: Dispatcher.ResponseData,
  { kind, name, place }: Question,
): Promise<MlbomError> {
  await answer.body.dump({ limit: 64 * 1024 }).catch(() => undefined);
  if (answer.statusCode === 404) {
    return new MlbomError('E_NOT_FOUND', `${place}: the daemon has no such image`, {
      subject: place,
      rule: 'daemon-image',
      next: `${kind} pull ${name}`,
    });
  }
  return new MlbomError('E_UNREACHABLE', `${place}: the daemon answers with status ${answer.statusCode}`, {
    subject: place,
    rule: 'daemon-answer',
  });
}
