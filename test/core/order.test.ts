import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodePoints } from '../../src/core/order.ts';

describe('compareCodePoints', () => {
  it('orders as the UTF-8 bytes do', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '\u007f', 'ß', '\ud7ff', '\ue000', '\uffff', '🦙', '\u{10ffff}'),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('puts U+FFFF before U+10000, which its UTF-16 units do not', () => {
    expect(compareCodePoints('\uffff', '\u{10000}')).toBeLessThan(0);
    expect(['\uffff', '\u{10000}'].sort()).toEqual(['\u{10000}', '\uffff']);
  });
});
