import { formatDigest } from '../../core/digest.ts';
import type { ByteRange } from '../../core/entry.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import type { Blob, Descriptor } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { fieldOf } from './answers.ts';
import type { Answer } from './http.ts';
import type { Call, Session } from './session.ts';

/**
 * The bytes that a descriptor names, straight from the registry. Their number is held against the descriptor; their
 * digest is for the reader to check. A broken connection is taken up where it broke.
 * @param path within the repository: `blobs/sha256:…`
 */
export function blobOf(session: Session, descriptor: Descriptor, path: string, accept: string): Blob {
  const { size } = descriptor;
  const subject = formatDigest(descriptor.digest);
  const call = (signal: AbortSignal | undefined, range?: string): Call => ({
    method: 'GET',
    url: session.urlOf(path),
    intent: 'pull',
    subject,
    headers: { accept, ...(range !== undefined && { range }) },
    signal,
  });
  return {
    size,
    stream: (signal) => streamed(session, (range) => call(signal, range), size, signal),
    read: (range, signal) => readRange(session, call(signal, rangeField(range)), range, size),
  };
}

/** Attempts to go on after a connection broke; won back with every piece of this size that came meanwhile. */
const resumes = 4;
const resumeBytes = 16 * 1024 * 1024;
/** Bytes before a range that are read and dropped where a registry gives no ranges. */
const skippedBytes = 1024 * 1024;

async function* streamed(
  session: Session,
  callOf: (range?: string) => Call,
  size: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  let tries = 0;
  let since = 0;
  for (;;) {
    const call = callOf(at === 0 ? undefined : rangeField({ offset: at, length: size - at }));
    const answer = await session.send(call, (given) => accepted(session, given, call));
    let skip = at - startOf(answer, at, size, call.subject);
    try {
      for await (const piece of answer.pieces()) {
        const rest = piece.subarray(Math.min(skip, piece.length));
        skip -= piece.length - rest.length;
        if (at + rest.length > size)
          throw contradicts(call.subject, `more than the ${size} bytes that its descriptor says`);
        at += rest.length;
        if (rest.length > 0) yield rest;
      }
      if (at === size) return;
      throw contradicts(call.subject, `${at} bytes, and its descriptor says ${size}`);
    } catch (error) {
      if (!isLost(error)) throw error;
      if (at === size) return;
      if (at - since >= resumeBytes) tries = 0;
      if (tries >= resumes) throw error;
      since = at;
      await session.wait(tries++, signal);
    }
  }
}

async function readRange(session: Session, call: Call, range: ByteRange, size: number): Promise<Uint8Array> {
  const { offset, length } = range;
  if (offset < 0 || length < 0 || offset + length > size) {
    throw new MlbomError('E_MALFORMED', `${call.subject}: ends at ${size}, before ${offset + length}`, {
      subject: call.subject,
      rule: 'past-the-end',
      offset,
    });
  }
  if (length === 0) return new Uint8Array();
  return session.send(call, async (given) => {
    const answer = await accepted(session, given, call);
    const skip = offset - startOf(answer, offset, size, call.subject);
    if (skip > skippedBytes) {
      answer.discard();
      throw new MlbomError('E_UNSUPPORTED', `${answer.url.host}: gives no parts of a blob`, {
        subject: call.subject,
        rule: 'no-range',
        next: 'read the whole image, from a layout or an archive',
      });
    }
    return gathered(answer, skip, length, call.subject);
  });
}

/** A body may go on after the part, where the registry gives no parts; then it is cut. */
async function gathered(answer: Answer, skip: number, length: number, subject: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let missing = length;
  let before = skip;
  for await (const piece of answer.pieces()) {
    const rest = piece.subarray(Math.min(before, piece.length));
    before -= piece.length - rest.length;
    const part = rest.subarray(0, missing);
    parts.push(part);
    missing -= part.length;
    if (missing === 0) return Buffer.concat(parts);
  }
  throw contradicts(subject, `ends ${missing} bytes before the end of what was asked`);
}

async function accepted(session: Session, answer: Answer, call: Call): Promise<Answer> {
  if (answer.status === 200 || answer.status === 206) return answer;
  throw await session.refusal(answer, call);
}

/**
 * The offset of the first byte of an answer, once what it says about sizes fits.
 * @throws MlbomError `E_DIGEST` when it announces another size, `E_MALFORMED` for a range that was not asked for
 */
function startOf(answer: Answer, asked: number, size: number, subject: string): number {
  if (answer.status === 200) {
    const announced = fieldOf(answer, 'content-length');
    if (announced === undefined || Number(announced) === size) return 0;
    answer.discard();
    throw contradicts(subject, `${announced.slice(0, 20)} bytes, and its descriptor says ${size}`);
  }
  const [, from, , total] =
    /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/.exec(fieldOf(answer, 'content-range') ?? '') ?? [];
  if (Number(from) !== asked) {
    answer.discard();
    throw new MlbomError('E_MALFORMED', `${subject}: the registry gave another range than asked for`, {
      subject,
      rule: 'wrong-range',
    });
  }
  if (total !== '*' && Number(total) !== size) {
    answer.discard();
    throw contradicts(subject, `${total ?? ''} bytes, and its descriptor says ${size}`);
  }
  return asked;
}

function contradicts(subject: string, what: string): MlbomError {
  return new MlbomError('E_DIGEST', `${subject}: ${what}`, { subject, rule: 'size' });
}

function isLost(error: unknown): boolean {
  return isMlbomError(error) && error.rule === 'connection-lost';
}

function rangeField({ offset, length }: ByteRange): string {
  return `bytes=${offset}-${offset + length - 1}`;
}

/** @throws MlbomError `E_LIMIT` for sizes beyond what is read of a blob or a manifest */
export function assertSize({ size, digest }: Descriptor, isManifest: boolean): void {
  const limit = isManifest ? limits.imageManifestBytes : limits.layerBytes;
  if (size <= limit) return;
  const subject = formatDigest(digest);
  throw new MlbomError('E_LIMIT', `${subject}: ${size} bytes, more than ${limit}`, {
    subject,
    rule: 'blob-size',
  });
}
