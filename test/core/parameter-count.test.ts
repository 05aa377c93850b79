import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parameterCount } from '../../src/core/parameter-count.ts';

describe('parameterCount', () => {
  it.each([
    [7241732096, '7241732096'],
    ['7B', '7000000000'],
    ['1.1b', '1100000000'],
    ['137 M', '137000000'],
    ['1,100,000', '1100000'],
    ['1_100_000', '1100000'],
    ['0.5T', '500000000000'],
    ['8x7B', undefined],
    ['1,5B', undefined],
    ['-7B', undefined],
    ['0', undefined],
    ['1e9', undefined],
    ['7 billion', undefined],
    [0.5, undefined],
    [2 ** 53, undefined],
    ['999999999999999T', undefined],
    [null, undefined],
    [['7B'], undefined],
  ])('reads %j as %j', (value, count) => {
    expect(parameterCount(value)).toBe(count);
  });

  it('gives plain digits or nothing, whatever it reads', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parameterCount(value) ?? '1').toMatch(/^[1-9]\d{0,15}$/);
      }),
    );
  });
});
