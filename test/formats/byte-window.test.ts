import { describe, expect, it } from 'vitest';
import { ByteWindow } from '../../src/formats/byte-window.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { ByteWriter } from '../fixtures/byte-writer.ts';
import { refusal } from '../fixtures/hostile-bytes.ts';

describe('ByteWindow', () => {
  it.each([true, false])('reads every kind of number, little-endian %s', async (littleEndian) => {
    const writer = new ByteWriter(littleEndian)
      .int(255, 1)
      .int(-2, 1)
      .int(65_535, 2)
      .int(-2, 2)
      .int(4_294_967_295, 4);
    writer
      .int(-2, 4)
      .int(2n ** 64n - 1n, 8)
      .int(-2n, 8)
      .int(2 ** 40 + 1, 8)
      .float(1.5, 4)
      .float(-0.1, 8);
    const window = new ByteWindow(memorySource(writer.toBytes()), { format: 'test' });
    window.littleEndian = littleEndian;
    await window.fill(writer.length);
    expect([window.u8(), window.i8(), window.u16(), window.i16(), window.u32(), window.i32()]).toEqual([
      255, -2, 65_535, -2, 4_294_967_295, -2,
    ]);
    expect([window.u64(), window.i64(), window.length64()]).toEqual([2n ** 64n - 1n, -2n, 2 ** 40 + 1]);
    expect([window.f32(), window.f64(), window.remaining]).toEqual([1.5, -0.1, 0]);
  });

  it('keeps a length beyond 2^53 beyond every bound', async () => {
    const bytes = new ByteWriter()
      .int(2n ** 64n - 1n, 8)
      .int(2n ** 53n, 8)
      .toBytes();
    const window = new ByteWindow(memorySource(bytes), { format: 'test' });
    await window.fill(16);
    expect(window.length64()).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
    expect(window.length64()).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
  });

  it('reads across the edge of its window', async () => {
    const window = new ByteWindow(
      sparseSource(100_000, [{ offset: 16_380, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }]),
      {
        format: 'test',
      },
    );
    await window.fill(1);
    window.skip(16_380);
    expect(window.has(8)).toBe(false);
    await window.fill(8);
    expect(window.u64()).toBe(0x0807060504030201n);
  });

  it('skips gigabytes without reading them', async () => {
    const source = sparseSource(2 ** 40, [{ offset: 2 ** 40 - 1, bytes: Uint8Array.of(7) }]);
    const window = new ByteWindow(source, { format: 'test' });
    await window.fill(1);
    window.skip(2 ** 40 - 1);
    expect(await window.take(1)).toEqual(Uint8Array.of(7));
    expect(source.bytesRead).toBeLessThan(20_000);
  });

  it('tells the end of the source from its limit', async () => {
    const source = memorySource(new Uint8Array(100));
    expect(await refusal(new ByteWindow(source, { format: 'test' }).fill(101))).toBe(
      'E_MALFORMED test-truncated',
    );
    expect(await refusal(new ByteWindow(source, { format: 'test', limit: 50 }).fill(51))).toBe(
      'E_LIMIT test-limit',
    );
    expect(await refusal(new ByteWindow(source, { format: 'test', limit: 50 }).take(101))).toBe(
      'E_MALFORMED test-truncated',
    );
  });

  it('refuses a source that gives less than asked', async () => {
    const source = { size: 100, read: () => Promise.resolve(new Uint8Array(3)) };
    expect(await refusal(new ByteWindow(source, { format: 'test' }).fill(8))).toBe('E_UNREADABLE undefined');
  });
});
