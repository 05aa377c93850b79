import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { firstDifference } from '../../src/operations/first-difference.ts';

describe('firstDifference', () => {
  it.each<[unknown, unknown, string | undefined]>([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, undefined],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, '/a/1/b'],
    [{ a: 1 }, { a: 1, b: null }, '/b'],
    [[1], [1, 2], '/1'],
    [{ 'a/b~c': 1 }, { 'a/b~c': 2 }, '/a~1b~0c'],
    [[], {}, ''],
    [{ 0: 'a' }, ['a'], ''],
    [null, {}, ''],
    [0, -0, undefined],
    [JSON.parse('{"__proto__":1}'), {}, '/__proto__'],
  ])('of %j and %j is %j', (a, b, pointer) => {
    expect(firstDifference(a, b)).toBe(pointer);
  });

  it('is there exactly when the canonical forms differ', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(firstDifference(a, structuredClone(a))).toBeUndefined();
        expect(firstDifference(a, b) === undefined).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
  });
});
