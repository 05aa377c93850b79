import { once } from 'node:events';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { isMlbomError, messageOf, MlbomError } from '../../core/errors.ts';
import type { LayerCodec } from '../../core/layer.ts';
import { limits } from '../../core/limits.ts';
import { zstdFrames, type ZstdPiece } from './zstd-frames.ts';

export interface UnpackLimits {
  /** Unpacked bytes. */
  readonly bytes: number;
  /** Unpacked bytes for each packed one, once `ratioFrom` came out. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

export interface UnpackOptions {
  readonly limits?: UnpackLimits;
  /** Told at the end: how many of the packed bytes belong to the content. Others may follow those. */
  readonly onEnd?: (used: number) => void;
}

const layerLimits: UnpackLimits = {
  bytes: limits.layerBytes,
  ratio: limits.layerRatio,
  ratioFrom: limits.layerRatioFrom,
};

/** Smaller pieces cost more turns, larger ones leave the processor's cache before they are hashed. */
const chunkSize = 256 * 1024;
/**
 * The decoder in JavaScript moves its window for each block, so that many small ones could take days. This is some
 * minutes of it: the blocks of 64 GiB with the usual largest window of 8 MiB.
 */
const windowBytes = 2 ** 42;

/**
 * The unpacked bytes of content that comes in pieces. Members of gzip and frames of zstd that follow one another are one
 * content. What is read ahead is a piece or two; on an early end nothing stays open.
 * @throws MlbomError `E_MALFORMED` (`gzip-broken`, `zstd-broken`), `E_LIMIT` (`layer-size`, `layer-ratio`, `zstd-window`)
 */
export async function* unpackStream(
  source: AsyncIterable<Uint8Array>,
  codec: LayerCodec,
  options: UnpackOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const { bytes: mostBytes, ratio, ratioFrom } = options.limits ?? layerLimits;
  let packed = 0;
  let unpacked = 0;
  for await (const chunk of unpacking[codec](counted(), options.onEnd ?? (() => undefined))) {
    unpacked += chunk.length;
    if (unpacked > mostBytes)
      throw tooMuch('size', `unpacks to more than ${mostBytes.toLocaleString('en-US')} bytes`);
    if (unpacked > ratioFrom && unpacked > ratio * packed) {
      throw tooMuch('ratio', `unpacks to more than ${ratio.toLocaleString('en-US')} times its packed size`);
    }
    yield chunk;
  }

  async function* counted(): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of source) {
      packed += chunk.length;
      yield chunk;
    }
  }
}

type Unpack = (
  source: AsyncIterable<Uint8Array>,
  onEnd: (used: number) => void,
) => AsyncGenerator<Uint8Array, void>;

const unpacking: Record<LayerCodec, Unpack> = { none: passOn, gzip: gunzip, zstd: unzstd };

async function* passOn(
  source: AsyncIterable<Uint8Array>,
  onEnd: (used: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let used = 0;
  for await (const chunk of source) {
    used += chunk.length;
    yield chunk;
  }
  onEnd(used);
}

async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  onEnd: (used: number) => void,
): AsyncGenerator<Uint8Array, void> {
  const stream = zlib.createGunzip({ chunkSize });
  yield* pump(stream, source, 'gzip');
  // Bytes after the last member are left alone by zlib.
  onEnd(stream.bytesWritten);
}

async function* unzstd(
  source: AsyncIterable<Uint8Array>,
  onEnd: (used: number) => void,
): AsyncGenerator<Uint8Array, void> {
  const frames = zstdFrames();
  let used = 0;
  const pieces = piecesOf();
  const create = nativeZstd();
  yield* create ? unzstdNative(pieces, create) : unzstdHere(pieces);
  onEnd(used);

  async function* piecesOf(): AsyncGenerator<ZstdPiece, void> {
    for await (const chunk of source) {
      used += chunk.length;
      yield* frames.write(chunk);
    }
    frames.finish();
  }
}

type CreateTransform = (options: { readonly chunkSize: number }) => Transform;

/** Node has it since 22.15 and 23.8. */
function nativeZstd(): CreateTransform | undefined {
  return (zlib as { readonly createZstdDecompress?: CreateTransform }).createZstdDecompress;
}

/** A stream for each frame: Node's stops after the first one (nodejs/node issue 64741). */
async function* unzstdNative(
  pieces: AsyncGenerator<ZstdPiece, void>,
  create: CreateTransform,
): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const first = await pieces.next();
    if (first.done) return;
    yield* pump(create({ chunkSize }), frameFrom(first.value, pieces), 'zstd');
  }
}

async function* frameFrom(
  first: ZstdPiece,
  pieces: AsyncGenerator<ZstdPiece, void>,
): AsyncGenerator<Uint8Array, void> {
  for (let piece = first; ;) {
    yield piece.bytes;
    if (piece.ends) return;
    const next = await pieces.next();
    if (next.done) return;
    piece = next.value;
  }
}

/** Block by block, because one of four bytes may become 128 KiB. */
async function* unzstdHere(pieces: AsyncIterable<ZstdPiece>): AsyncGenerator<Uint8Array, void> {
  let ready: Uint8Array[] = [];
  let decoder: Decompress | undefined;
  let moved = 0;
  for await (const { bytes, begins, ends, window } of pieces) {
    if (begins) decoder = new Decompress((block) => ready.push(block));
    try {
      decoder?.push(bytes, ends);
    } catch (error) {
      throw broken('zstd', error);
    }
    moved += window * (ready.length + (begins ? 1 : 0));
    if (moved > windowBytes) {
      throw new MlbomError('E_LIMIT', `zstd: too many blocks with a window of ${window} bytes`, {
        rule: 'zstd-window',
        next: 'use a newer Node.js, which unpacks zstd itself',
      });
    }
    if (ends) decoder = undefined;
    for (const block of ready) if (block.length > 0) yield block;
    ready = [];
  }
}

/**
 * What comes out of `stream` while `source` is written to it; each waits for the other. While a piece is used here the
 * next one is unpacked in another thread.
 */
async function* pump(
  stream: Transform,
  source: AsyncIterable<Uint8Array>,
  format: string,
): AsyncGenerator<Uint8Array, void> {
  const feeding = feed(stream, source);
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw broken(format, error);
  } finally {
    stream.destroy();
    await feeding;
  }
}

async function feed(stream: Transform, source: AsyncIterable<Uint8Array>): Promise<void> {
  // A broken stream says so, once, to whoever reads it.
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.on('error', () => undefined);
  try {
    for await (const chunk of source) {
      if (isOver(stream)) return;
      if (!stream.write(chunk)) await Promise.race([drained(stream), closed]);
      if (isOver(stream)) return;
    }
    stream.end();
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(messageOf(error)));
  }
}

function isOver(stream: Transform): boolean {
  return stream.destroyed || stream.readableEnded;
}

async function drained(stream: Transform): Promise<void> {
  await once(stream, 'drain').catch(() => undefined);
}

function broken(format: string, error: unknown): MlbomError {
  if (isMlbomError(error)) return error;
  return new MlbomError('E_MALFORMED', `${format}: ${messageOf(error)}`, {
    rule: `${format}-broken`,
    cause: error,
  });
}

function tooMuch(rule: string, message: string): MlbomError {
  return new MlbomError('E_LIMIT', message, { rule: `layer-${rule}` });
}
