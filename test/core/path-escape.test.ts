import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapePath, unescapePath } from '../../src/core/path-escape.ts';

test.each([
  ['plain Unicode stays', [...Buffer.from('modèle/\u{1F600} \n-rf')], 'modèle/\u{1F600} \n-rf'],
  ['a byte order mark stays', [0xef, 0xbb, 0xbf, 0x61], '\uFEFFa'],
  ['a byte that is not UTF-8', [0x61, 0xff, 0x62], 'a%FFb'],
  ['half a sequence', [0xe2, 0x82], '%E2%82'],
  ['half a sequence before a whole one', [0xe2, 0x82, 0xe2, 0x82, 0xac], '%E2%82€'],
  ['an encoded surrogate', [0xed, 0xa0, 0x80], '%ED%A0%80'],
  ['an overlong slash', [0xc0, 0xaf], '%C0%AF'],
  ['a literal escape', [...Buffer.from('%41')], '%2541'],
  ['a literal escape in lower case', [...Buffer.from('%fF')], '%25fF'],
  ['a percent sign that is no escape', [...Buffer.from('100% %4 %g1')], '100% %4 %g1'],
  ['a percent sign before a bad byte', [0x25, 0xff], '%%FF'],
  ['half an escape before a bad byte', [0x25, 0x34, 0xff], '%4%FF'],
])('%s', (_, bytes, path) => {
  expect(escapePath(Uint8Array.from(bytes))).toBe(path);
  expect([...unescapePath(path)]).toEqual(bytes);
});

/** Bytes that are likely to meet each other's escapes. */
const name = fc
  .array(
    fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.constantFrom('%', '2', '5', 'F', 'f', '€', '%25', '%FF')),
  )
  .map((parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))));

test('every name comes back from its escaped form, which is well-formed', () => {
  fc.assert(
    fc.property(name, (bytes) => {
      const path = escapePath(bytes);
      expect(path.isWellFormed()).toBe(true);
      expect(unescapePath(path).equals(bytes)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('two names never share an escaped form', () => {
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(escapePath(a) === escapePath(b)).toBe(a.equals(b));
    }),
    { numRuns: 2000 },
  );
});

test.each(['%41', '%ff', '%E2%82%AC', '\uD800'])('%j is no escaped form of any name', (path) => {
  expect(() => unescapePath(path)).toThrow(expect.objectContaining({ code: 'E_MALFORMED' }));
});
