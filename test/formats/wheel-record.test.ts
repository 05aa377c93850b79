import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWheelRecord } from '../../src/formats/wheel-record.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

const read = (text: string) => readWheelRecord(memorySource(Buffer.from(text)), 'RECORD');

describe('readWheelRecord', () => {
  it('reads paths, digests and sizes', async () => {
    const sha256 = Buffer.alloc(32, 0xfb).toString('base64url');
    const sha512 = Buffer.alloc(64, 1).toString('base64url');
    const text = `a/__init__.py,sha256=${sha256},12\r\n../../../bin/a,sha512=${sha512},\n\na.dist-info/RECORD,,\nold,md5=abc,3`;
    expect(await read(text)).toEqual([
      { path: 'a/__init__.py', digest: { algorithm: 'sha256', hex: 'fb'.repeat(32) }, size: 12 },
      { path: '../../../bin/a', digest: { algorithm: 'sha512', hex: '01'.repeat(64) } },
      { path: 'a.dist-info/RECORD' },
      { path: 'old', size: 3 },
    ]);
  });

  it.each([
    ['a row without columns', 'a/b.py\n'],
    ['a row of two columns', 'a,sha256=\n'],
    ['a digest that is cut', 'a,sha256=abc,1\n'],
    ['a digest without an algorithm', 'a,abc,1\n'],
    ['a size that is none', 'a,,many\n'],
    ['a size beyond all files', 'a,,9999999999999999\n'],
    ['no path', ',,\n'],
    ['quotes that do not end', '"a,,\n'],
    ['something behind quotes', '"a"b,,\n'],
  ])('refuses %s', async (_, text) => {
    expect(await refusal(read(text))).toBe('E_MALFORMED wheel-record');
  });

  it('reads every path that a CSV writer can write', async () => {
    const path = fc
      .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
      .filter((text) => text.isWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(path, fc.nat()), { maxLength: 5 }), async (rows) => {
        const text = rows.map(([name, size]) => `${quoted(name)},,${size}\r\n`).join('');
        expect(await read(text)).toEqual(rows.map(([name, size]) => ({ path: name, size })));
      }),
    );
  });

  survivesHostileBytes(
    (source) => readWheelRecord(source, 'RECORD'),
    Buffer.from(`a.py,sha256=${Buffer.alloc(32).toString('base64url')},12\n"b ""c"", d.py",,3\nRECORD,,\n`),
    { refusesEveryTruncation: false },
  );
});

/** As Python's csv module does, and quoted where it need not be. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) || text.length % 2 === 0 ? `"${text.replaceAll('"', '""')}"` : text;
}
