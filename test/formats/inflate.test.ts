import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../src/core/errors.ts';
import { inflateAll, inflateStart, type DeflateFrame } from '../../src/formats/inflate/inflate.ts';
import { unlz4 } from '../../src/formats/inflate/unlz4.ts';
import { unzstd } from '../../src/formats/inflate/unzstd.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { pseudoRandomBytes } from '../fixtures/pseudo-random.ts';

const content = Buffer.concat([pseudoRandomBytes(70_000, 'a'), Buffer.from('again '.repeat(200_000))]);
const frames: [DeflateFrame, (bytes: Uint8Array) => Buffer][] = [
  ['raw', deflateRawSync],
  ['zlib', deflateSync],
  ['gzip', gzipSync],
];

describe.each(frames)('%s', (frame, pack) => {
  const packed = pack(content);

  it('gives all bytes, or as many as the limit', async () => {
    const whole = await inflateAll(memorySource(packed), frame, content.length);
    expect([Buffer.from(whole.bytes).equals(content), whole.more, whole.used]).toEqual([
      true,
      false,
      packed.length,
    ]);
    const part = await inflateAll(memorySource(packed), frame, 100_000);
    expect([Buffer.from(part.bytes).equals(content.subarray(0, 100_000)), part.more]).toEqual([true, true]);
  });

  it('gives a beginning from a beginning', async () => {
    const source = memorySource(packed);
    const start = await inflateStart(source, frame, 4096);
    expect(Buffer.from(start.subarray(0, 4096)).equals(content.subarray(0, 4096))).toBe(true);
    expect(source.bytesRead).toBeLessThan(15_000);
  });

  it('refuses what is cut', async () => {
    const cut = memorySource(packed.subarray(0, -9));
    expect(await refusal(inflateAll(cut, frame, content.length))).toBe('E_MALFORMED inflate-broken');
  });

  survivesHostileBytes((source) => inflateAll(source, frame, 1000), pack(Buffer.from('abcabcabcd')), {
    refusesEveryTruncation: true,
  });
});

const text = Buffer.from('packed '.repeat(40));
/** `text` by zstd 1.5, without and with its size. */
const zstdFrames = [
  '28b52ffd0458750000387061636b65642001000e528b11715463b3',
  '28b52ffd641800750000387061636b65642001000e528b11715463b3',
].map((hex) => Buffer.from(hex, 'hex'));
/** `text` by lz4 1.10. */
const lz4Frame = Buffer.from(
  '04224d186440a7110000007f7061636b6564200700f950636b65642000000000e58577b1',
  'hex',
);
/** A frame that either reader passes over. */
const skippable = Buffer.from('5a2a4d1803000000616263', 'hex');

describe.each([
  ['zstd', unzstd, zstdFrames[0] ?? Buffer.of(), 'zstd-broken'],
  ['zstd with a size', unzstd, zstdFrames[1] ?? Buffer.of(), 'zstd-broken'],
  ['lz4', unlz4, lz4Frame, 'lz4-broken'],
])('%s', (_, unpack, frame, rule) => {
  it('gives what the reference implementation packed', () => {
    expect(Buffer.from(unpack(frame, 280).bytes).toString()).toBe(text.toString());
  });

  it("goes on with the frames that follow, and passes over those that are nobody's", () => {
    const { bytes, more } = unpack(Buffer.concat([skippable, frame, skippable, frame]), 1000);
    expect([Buffer.from(bytes).toString(), more]).toEqual([`${text.toString()}${text.toString()}`, false]);
  });

  it('ends at the limit', () => {
    const { bytes, more } = unpack(frame, 100);
    expect(bytes.length).toBeLessThanOrEqual(100);
    expect(more).toBe(true);
  });

  it('refuses what is cut', () => {
    for (let length = 1; length < frame.length; length++) {
      expect(() => unpack(frame.subarray(0, length), 1000), `cut at ${length}`).toThrow(
        expect.objectContaining({ rule }) as Error,
      );
    }
  });

  it('gives at most the limit or an MlbomError when some bytes are others', () => {
    const change = fc.tuple(fc.nat({ max: frame.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(frame);
        for (const [offset, value] of changes) bytes[offset] = value;
        try {
          expect(unpack(bytes, 10_000).bytes.length).toBeLessThanOrEqual(10_000);
        } catch (error) {
          if (!isMlbomError(error)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('zstd', () => {
  it('makes no room for a window of gigabytes', () => {
    const frame = Uint8Array.from(zstdFrames[0] ?? Buffer.of());
    frame[5] = 31 << 3;
    expect(() => unzstd(frame, 1000)).toThrow(expect.objectContaining({ rule: 'zstd-window' }) as Error);
  });

  it('makes no room for a size that its blocks cannot have', () => {
    const frame = Buffer.from(zstdFrames[1] ?? Buffer.of());
    frame[4] = (frame[4] ?? 0) | 0xc0;
    const { bytes, more } = unzstd(
      Buffer.concat([frame.subarray(0, 6), Buffer.alloc(8, 0x01), frame.subarray(8)]),
      2 ** 40,
    );
    expect([bytes.length, more]).toEqual([0, true]);
  });
});
