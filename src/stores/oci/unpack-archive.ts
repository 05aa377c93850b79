import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import type { Blob } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { privateFile, type PrivateFile } from './private-file.ts';

/** Chunks in which unpacking is fastest. */
const chunkSize = 256 * 1024;

/** True for bytes that begin as gzip (RFC 1952, section 2.3.1). */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * A gzipped archive, unpacked to a private file: its members can be had one by one only then.
 * @throws MlbomError `E_MALFORMED` for what is no gzip, or is followed by other bytes; `E_LIMIT`, `E_UNWRITABLE`
 */
export async function unpackArchive(packed: Blob, place: string, signal?: AbortSignal): Promise<PrivateFile> {
  const unpacked = gunzipped(packed, place, signal);
  return privateFile(unpacked, `${place}, unpacked`, signal);
}

async function* gunzipped(
  packed: Blob,
  place: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const source = Readable.from(packed.stream(signal), { objectMode: false });
  const gunzip = createGunzip({ chunkSize });
  source.once('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  let size = 0;
  try {
    for await (const bytes of gunzip as AsyncIterable<Uint8Array>) {
      size += bytes.length;
      if (size > limits.layerRatioFrom && size > limits.layerRatio * gunzip.bytesWritten) throw bomb(place);
      yield bytes;
    }
  } catch (error) {
    if (isMlbomError(error)) throw error;
    throw malformed(place, 'it is no whole gzip', error);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  // Node ends in silence where a zero follows a member.
  await checkTail(packed, gunzip.bytesWritten, place, signal);
}

/** Zeros may fill the end, as tapes do it. */
async function checkTail(packed: Blob, from: number, place: string, signal?: AbortSignal): Promise<void> {
  for (let offset = from; offset < packed.size; offset += chunkSize) {
    const length = Math.min(chunkSize, packed.size - offset);
    const bytes = await packed.read?.({ offset, length }, signal);
    if (bytes === undefined || bytes.some((byte) => byte !== 0)) {
      throw malformed(place, `${packed.size - from} bytes after the end of the gzip`);
    }
  }
}

function bomb(place: string): MlbomError {
  const message = `${place}: unpacked, more than ${limits.layerRatio} times its size`;
  return new MlbomError('E_LIMIT', message, { subject: place, rule: 'archive-ratio' });
}

function malformed(place: string, message: string, cause?: unknown): MlbomError {
  return new MlbomError('E_MALFORMED', `${place}: ${message}`, {
    subject: place,
    rule: 'archive-gzip',
    cause,
  });
}
