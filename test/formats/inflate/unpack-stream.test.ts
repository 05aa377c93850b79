import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LayerCodec } from '../../../src/core/layer.ts';
import { codecOf } from '../../../src/formats/inflate/codec-of.ts';
import { unpackStream, type UnpackOptions } from '../../../src/formats/inflate/unpack-stream.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { zstdFrame } from '../../fixtures/image-writer.ts';
import { pseudoRandomBytes } from '../../fixtures/pseudo-random.ts';

/** The bytes in pieces of this size. */
async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function unpack(
  bytes: Uint8Array,
  codec: LayerCodec = codecOf(bytes),
  options: UnpackOptions & { readonly piece?: number } = {},
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of unpackStream(piecesOf(bytes, options.piece ?? 1000), codec, options)) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
/** A frame with a window of 128 KiB and a checksum: one byte a hundred times, then stored ones. */
const repeated = Buffer.concat([
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04, 7 << 3]),
  Buffer.from([((100 << 3) | 2) & 0xff, 100 >> 5, 0, 0x61]),
  Buffer.from([(3 << 3) | 1, 0, 0]),
  Buffer.from('xyz'),
  Buffer.from([1, 2, 3, 4]),
]);

describe('codecOf', () => {
  it.each<[LayerCodec, readonly number[]]>([
    ['gzip', [0x1f, 0x8b, 8, 0]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
    ['zstd', [0x50, 0x2a, 0x4d, 0x18]],
    ['zstd', [0x5f, 0x2a, 0x4d, 0x18]],
    ['none', [0x60, 0x2a, 0x4d, 0x18]],
    ['none', [0x42, 0x5a, 0x68, 0x39]],
    ['none', []],
  ])('goes by the first bytes: %s', (codec, bytes) => {
    expect(codecOf(Uint8Array.from(bytes))).toBe(codec);
  });
});

describe('unpackStream', () => {
  const text = pseudoRandomBytes(300_000, 'unpack');

  it.each<[string, Uint8Array]>([
    ['gzip', gzipSync(text)],
    ['members of gzip', Buffer.concat([gzipSync(text.subarray(0, 70_000)), gzipSync(text.subarray(70_000))])],
    ['zstd', zstdFrame(text)],
    [
      'frames of zstd',
      Buffer.concat([
        skippable,
        zstdFrame(text.subarray(0, 5)),
        skippable,
        zstdFrame(text.subarray(5)),
        skippable,
      ]),
    ],
    ['nothing', text],
  ])('unpacks %s, whatever the pieces', async (_, bytes) => {
    for (const piece of [3, 1000, 65_536, bytes.length]) {
      const options = { piece: piece === 3 && bytes.length > 100_000 ? 611 : piece };
      expect((await unpack(bytes, codecOf(bytes), options)).equals(text)).toBe(true);
    }
  });

  it('unpacks blocks of one byte, and passes over checksums', async () => {
    for (let piece = 1; piece <= repeated.length; piece++) {
      const twice = Buffer.concat([repeated, skippable, repeated]);
      expect((await unpack(twice, 'zstd', { piece })).toString()).toBe(`${'a'.repeat(100)}xyz`.repeat(2));
    }
  });

  it('tells how much of gzip was content, so that what follows is noticed', async () => {
    const packed = gzipSync(text);
    const used: number[] = [];
    const bytes = Buffer.concat([packed, Buffer.alloc(5000)]);
    const options = { onEnd: (count: number) => used.push(count), piece: 4096 };
    expect((await unpack(bytes, 'gzip', options)).length).toBe(text.length);
    expect(used).toEqual([packed.length]);
  });

  it.each<[string, Uint8Array, LayerCodec, string]>([
    ['cut gzip', gzipSync(text).subarray(0, 200_000), 'gzip', 'E_MALFORMED gzip-broken'],
    ['cut zstd', zstdFrame(text).subarray(0, 200_000), 'zstd', 'E_MALFORMED zstd-broken'],
    ['a cut frame header', zstdFrame(text).subarray(0, 6), 'zstd', 'E_MALFORMED zstd-broken'],
    [
      'other bytes after a frame',
      Buffer.concat([zstdFrame(text), Buffer.from('garbage')]),
      'zstd',
      'E_MALFORMED zstd-broken',
    ],
    [
      'gzip that is broken inside',
      Buffer.concat([gzipSync(text).subarray(0, 1000), text]),
      'gzip',
      'E_MALFORMED gzip-broken',
    ],
    [
      'a window of a gigabyte',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 20 << 3, 1, 0, 0]),
      'zstd',
      'E_LIMIT zstd-window',
    ],
  ])('refuses %s', async (_, bytes, codec, code) => {
    expect(await refusal(unpack(bytes, codec))).toBe(code);
  });

  it('stops where more comes out than may', async () => {
    const bomb = gzipSync(new Uint8Array(20_000_000));
    const limits = { bytes: 1_000_000, ratio: 1000, ratioFrom: 2 ** 40 };
    expect(await refusal(unpack(bomb, 'gzip', { limits }))).toBe('E_LIMIT layer-size');
    const ratio = { bytes: 2 ** 40, ratio: 100, ratioFrom: 1_000_000 };
    expect(await refusal(unpack(bomb, 'gzip', { limits: ratio }))).toBe('E_LIMIT layer-ratio');
    const fair = { bytes: 2 ** 40, ratio: 1100, ratioFrom: 1_000_000 };
    expect((await unpack(bomb, 'gzip', { limits: fair })).length).toBe(20_000_000);
  });

  it('lets go of its source when nobody wants more', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array, void> {
      try {
        for (;;) yield await Promise.resolve(gzipSync(text));
      } finally {
        closed = true;
      }
    }
    for await (const part of unpackStream(source(), 'gzip')) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
    expect(closed).toBe(true);
  });

  it('passes on what the source fails with', async () => {
    async function* source(): AsyncGenerator<Uint8Array, void> {
      yield await Promise.resolve(gzipSync(text).subarray(0, 100));
      throw new Error('the network');
    }
    const reading = async (): Promise<void> => {
      for await (const part of unpackStream(source(), 'none')) expect(part.length).toBe(100);
    };
    await expect(reading()).rejects.toThrow('the network');
  });

  it('ends in bytes or an MlbomError when some bytes are others', async () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(gzipSync(text.subarray(0, 300)), zstdFrame(text.subarray(0, 300)), repeated),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 400 }),
        async (valid, changes, piece) => {
          const bytes = Buffer.from(valid);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const limits = { bytes: 2 ** 24, ratio: 2 ** 40, ratioFrom: 0 };
          await unpack(bytes, codecOf(valid), { piece, limits }).catch((error: unknown) => {
            expect(error).toMatchObject({ name: 'MlbomError' });
          });
        },
      ),
    );
  });
});
