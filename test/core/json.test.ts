import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../src/core/errors.ts';
import { parseJson, parseJsonObject } from '../../src/core/json.ts';
import { limits } from '../../src/core/limits.ts';

/** `code rule` of the refusal. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isMlbomError(error)) return `${error.code} ${error.rule}`;
    throw error;
  }
  return 'it was read';
}

function reads(text: string | Uint8Array): boolean {
  return refusal(() => parseJson(text)) === 'it was read';
}

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        expect(parseJson(spaced)).toEqual(JSON.parse(spaced));
        expect(parseJson(Buffer.from(spaced))).toEqual(JSON.parse(spaced));
      }),
    );
  });

  it('refuses all random text that JSON.parse refuses, and nothing else but what it is stricter on', () => {
    const alphabet = fc.constantFrom(
      ...Array.from('{}[],:"\\ \n\t-+.eE0123456789tfnrulasxu\u0000\u007f\ud83d\ufeff'),
    );
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          expect(reads(text)).toBe(false);
          return;
        }
        if (reads(text)) expect(parseJson(text)).toEqual(value);
        else if (/e\d{3}/i.test(text)) expect(refusal(() => parseJson(text))).toBe('E_MALFORMED json');
        else expect(refusal(() => parseJson(text))).toMatch(/json-duplicate-key|json-surrogate/);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['at the top', '{"a":1,"a":1}'],
    ['nested', '[{"x":{"a":1,"b":2,"a":3}}]'],
    ['written with an escape', '{"a":1,"\\u0061":2}'],
    ['__proto__', '{"__proto__":1,"__proto__":2}'],
  ])('refuses a name that appears twice: %s', (_, text) => {
    expect(refusal(() => parseJson(text))).toBe('E_MALFORMED json-duplicate-key');
  });

  it('keeps __proto__, constructor and hasOwnProperty as ordinary members', () => {
    const text = '{"__proto__":{"polluted":1},"constructor":2,"hasOwnProperty":3}';
    const value = parseJsonObject(text);
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'hasOwnProperty']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(JSON.stringify(value)).toBe(text);
    expect('polluted' in {}).toBe(false);
  });

  it('reads nesting up to the limit and refuses one level more, also when it is 100,000 levels', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(reads(nested(limits.jsonDepth))).toBe(true);
    expect(refusal(() => parseJson(nested(limits.jsonDepth + 1)))).toBe('E_LIMIT json-depth');
    expect(refusal(() => parseJson('{"a":'.repeat(100_000)))).toBe('E_LIMIT json-depth');
    expect(refusal(() => parseJson(nested(3), { depth: 2 }))).toBe('E_LIMIT json-depth');
  });

  it('refuses a document that is cut at any offset', () => {
    const text = '{"name":"a\\u00e9\\n","list":[1,-2.5e3,true,false,null,{}],"ключ":"🦙"}';
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length++) {
      expect(
        refusal(() => parseJson(bytes.subarray(0, length))),
        `cut at ${length}`,
      ).toMatch(/^E_MALFORMED/);
    }
  });

  it.each([
    ['a byte order mark', Buffer.from('\ufeff{}'), 'E_MALFORMED json'],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xc3, 0x28, 0x22), 'E_MALFORMED utf-8'],
    ['a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'E_MALFORMED utf-8'],
    ['half a character', '"\\ud83d"', 'E_MALFORMED json-surrogate'],
    ['half a character as a name', '{"\\udc00":1}', 'E_MALFORMED json-surrogate'],
    ['a number beyond all bounds', '1e999', 'E_MALFORMED json'],
    ['a second value', '{}{}', 'E_MALFORMED json'],
    ['a line feed in a string', '"a\nb"', 'E_MALFORMED json'],
    ['a trailing comma', '[1,]', 'E_MALFORMED json'],
    ['a leading zero', '01', 'E_MALFORMED json'],
    ['nothing', '', 'E_MALFORMED json'],
  ])('refuses %s', (_, input, expected) => {
    expect(refusal(() => parseJson(input))).toBe(expected);
  });

  it('says where', () => {
    expect(() => parseJson('{"a": nul}', { subject: 'card' })).toThrow(
      expect.objectContaining({ subject: 'card', offset: 6 }),
    );
  });

  it('takes an object where one must be', () => {
    for (const text of ['[]', 'null', '"a"', '1']) {
      expect(refusal(() => parseJsonObject(text))).toBe('E_MALFORMED json-object');
    }
  });
});
