import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/reports/plain-text.ts';

describe('plainText', () => {
  it.each([
    ['an escape sequence', '\u001b[31mred', '\\u{1b}[31mred'],
    ['a C1 control', '\u009b31m', '\\u{9b}31m'],
    ['a line break', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['a bidirectional override', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['a separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a character of no width', 'a\u200bb\ufeffc\u3164d', 'a\\u{200b}b\\u{feff}c\\u{3164}d'],
    ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['half a character', 'a\ud800b', 'a\\u{d800}b'],
  ])('makes %s visible', (_, text, expected) => {
    expect(plainText(text)).toBe(expected);
  });

  it('leaves text in any script as it is', () => {
    const text = 'modèle/重み-00001 🚀 модель النموذج.safetensors';
    expect(plainText(text)).toBe(text);
  });

  it('cuts between characters and counts what it left out', () => {
    expect(plainText('🚀🚀🚀', 2)).toBe('🚀🚀… (+2)');
    expect(plainText('abc', 3)).toBe('abc');
  });

  it('leaves no acting character, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, longest) => {
        expect(plainText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(plainText(text, longest)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
