import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount } from '../../src/reports/format-bytes.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [4_976_698_672, '4.98 GB'],
    [70e9, '70.0 GB'],
    [1.5e18, '1.50 EB'],
    [1.5e22, '15000 EB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [7200, '7.20K'],
    [999_999_999, '1.00B'],
    [8_030_261_248, '8.03B'],
    [1.2e16, '12000T'],
  ])('writes %d as %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});
