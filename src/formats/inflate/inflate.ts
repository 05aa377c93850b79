import {
  createGunzip,
  createInflate,
  createInflateRaw,
  constants,
  inflateRawSync,
  inflateSync,
  gunzipSync,
} from 'node:zlib';
import type { ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { growingBytes } from './growing-bytes.ts';

/** `raw` deflate as in zip, with zlib's frame, or with gzip's. */
export type DeflateFrame = 'raw' | 'zlib' | 'gzip';

export interface Inflated {
  /** At most `limit` bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** True when there would have been more than `limit`. */
  readonly more: boolean;
  /** Packed bytes that were used, where the end was reached. */
  readonly used: number;
}

const chunkBytes = 256 * 1024;
/** A stream goes to another thread and back; what is this small is unpacked ten times sooner without one. */
const smallBytes = 64 * 1024;
/** Of small ones that become larger than this, only as much is unpacked as is asked for. */
const smallUnpacked = 4 * 1024 * 1024;

/**
 * The unpacked bytes of a whole source, at most `limit` of them; memory grows with what comes out, not with `limit`.
 * What follows the end of the stream is left alone; members of a gzip that follow one another are one content.
 * @throws MlbomError `E_MALFORMED` (`inflate-broken`) where the stream is broken or cut
 */
export async function inflateAll(source: ByteSource, frame: DeflateFrame, limit: number): Promise<Inflated> {
  if (source.size <= smallBytes) {
    const packed = await source.read({ offset: 0, length: source.size });
    const small = inflateSmall(packed, frame, Math.min(limit, smallUnpacked));
    if (small) return small;
  }
  const stream = { raw: createInflateRaw, zlib: createInflate, gzip: createGunzip }[frame]({
    chunkSize: chunkBytes,
  });
  const output = growingBytes(limit);
  const done = new Promise<void>((resolve, reject) => {
    stream.on('data', (chunk: Uint8Array) => {
      output.add(chunk);
      if (output.full) resolve();
    });
    stream.on('end', resolve);
    stream.on('error', reject);
    stream.on('close', resolve);
  });
  done.catch(() => undefined);
  try {
    await Promise.race([feed(), done]);
    await done;
  } catch (error) {
    throw broken(error);
  } finally {
    stream.destroy();
  }
  return { bytes: output.bytes(), more: output.full, used: stream.bytesWritten };

  async function feed(): Promise<void> {
    for (let offset = 0; offset < source.size && isOpen(); offset += chunkBytes) {
      const bytes = await source.read({ offset, length: Math.min(chunkBytes, source.size - offset) });
      if (!isOpen()) return;
      if (!stream.write(bytes))
        await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), done]);
    }
    if (isOpen()) stream.end();
    await done;
  }

  function isOpen(): boolean {
    return !output.full && !stream.destroyed && !stream.readableEnded;
  }
}

/** Undefined where it becomes more than `most` bytes. */
function inflateSmall(packed: Uint8Array, frame: DeflateFrame, most: number): Inflated | undefined {
  if (most === 0) return undefined;
  const inflate = { raw: inflateRawSync, zlib: inflateSync, gzip: gunzipSync }[frame];
  const options = { chunkSize: smallBytes, maxOutputLength: most, info: true };
  try {
    // With `info` it tells how much it used, which its type does not say.
    const { buffer, engine } = inflate(packed, options) as unknown as {
      readonly buffer: Uint8Array<ArrayBuffer>;
      readonly engine: { readonly bytesWritten: number };
    };
    return { bytes: new Uint8Array(buffer), more: false, used: engine.bytesWritten };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw broken(error);
  }
}

/**
 * The first `wanted` bytes, or fewer where the packed bytes of about that many give no more: a look, not a reading.
 * @throws MlbomError `E_MALFORMED` (`inflate-broken`)
 */
export async function inflateStart(
  source: ByteSource,
  frame: DeflateFrame,
  wanted: number,
): Promise<Uint8Array> {
  const inflate = { raw: inflateRawSync, zlib: inflateSync, gzip: gunzipSync }[frame];
  // What cannot be packed takes 5 bytes for each 64 KiB more; headers and one table of codes come before.
  const most = Math.min(source.size, wanted + 1024);
  try {
    // In steps, since deflate gives up to 1032 bytes for each.
    for (let length = Math.min(most, 256); ; length = Math.min(most, 4 * length)) {
      const packed = await source.read({ offset: 0, length });
      const bytes = inflate(packed, { finishFlush: constants.Z_SYNC_FLUSH });
      if (bytes.length >= wanted || length === most)
        return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    }
  } catch (error) {
    throw broken(error);
  }
}

function broken(error: unknown): MlbomError {
  if (error instanceof MlbomError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new MlbomError('E_MALFORMED', `deflate: ${why}`, { rule: 'inflate-broken', cause: error });
}
