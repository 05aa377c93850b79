import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, canonicalJson } from '../../src/core/canonical-json.ts';
import { parseJson } from '../../src/core/json.ts';

describe('canonicalJson', () => {
  it('writes the example of RFC 8785 §3.2.2 in its canonical form', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts members by UTF-16 units, as RFC 8785 §3.2.3 shows', () => {
    const value = {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '😀': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      ö: 'Latin Small Letter O With Diaeresis',
    };
    const names = Object.keys(parseJson(canonicalJson(value)) as object);
    expect(names.filter((name) => name !== '1')).toEqual(['\r', '\u0080', 'ö', '€', '😀', '\ufb33']);
  });

  /** RFC 8785, appendix B: IEEE 754 bits and their text. */
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s as %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it.each([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole in a list', Array(2)],
    ['NaN', NaN],
    ['Infinity', [Infinity]],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['half a character', 'a\ud800'],
    ['half a character in a name', { '\udc00': 1 }],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'E_MALFORMED' }));
  });

  it('refuses what holds itself', () => {
    const value: unknown[] = [];
    value.push(value);
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'E_LIMIT' }));
  });

  it('keeps a member named __proto__', () => {
    const text = '{"__proto__":{"a":1},"b":2}';
    expect(canonicalJson(parseJson(text))).toBe(text);
  });

  it('is a fixed point that reading leads back to, and does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(parseJson(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });

  it('gives its text in UTF-8', () => {
    expect(Buffer.from(canonicalBytes({ ä: '€🦙' }))).toEqual(Buffer.from('{"ä":"€🦙"}'));
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
