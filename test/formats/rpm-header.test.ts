import { describe, expect, it } from 'vitest';
import { readRpmHeader, type RpmHeader } from '../../src/formats/rpm/read-rpm-header.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { writeRpmHeader } from '../fixtures/rpm-writer.ts';

const header = writeRpmHeader({ 1000: 'démo', 1003: [2], 1117: ['a', 'b', 'a'], 1028: [1, 2 ** 32 - 1] });

describe('readRpmHeader', () => {
  it('reads strings, lists and numbers, and nothing of another type', () => {
    const read = readRpmHeader(header);
    expect(read.text(1000)).toBe('démo');
    expect(read.texts(1117)).toEqual(['a', 'b', 'a']);
    expect(read.numbers(1028)).toEqual([1, 2 ** 32 - 1]);
    expect([read.text(1003), read.numbers(1000), read.texts(9999)]).toEqual([undefined, [], []]);
  });

  it('refuses a tag beyond the values', async () => {
    const bytes = Uint8Array.from(header);
    new DataView(bytes.buffer).setUint32(8 + 12, 1000);
    expect(await refusal(Promise.resolve(bytes).then(readRpmHeader))).toBe('E_MALFORMED rpm-past-the-end');
  });

  survivesHostileBytes(
    async (source) => all(readRpmHeader(await source.read({ offset: 0, length: source.size }))),
    header,
    {
      refusesEveryTruncation: true,
    },
  );
});

function all(read: RpmHeader): unknown {
  return [1000, 1003, 1117, 1028].map((tag) => [read.texts(tag), read.numbers(tag)]);
}
