import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/core/check.ts';
import { verdictOf } from '../../src/core/verdict.ts';
import { checksTable } from '../../src/reports/checks-table.ts';

const passed: Check = { id: 'signature', outcome: 'pass', required: true, why: 'made with a trusted key' };
const failed: Check = {
  id: 'bytes',
  outcome: 'fail',
  required: true,
  subject: './copy: a\x1b[2Jb',
  expected: 'sha256:aa',
  actual: 'sha256:bb',
  why: 'content differs',
};
const aside: Check = { id: 'ignored', outcome: 'unknown', required: false, why: 'not examined' };
const plain = { color: false, width: 60 };

describe('the table of a verdict', () => {
  it('has each check with its mark and reason, what was expected where it failed, and the answer at the end', () => {
    expect(checksTable(verdictOf([passed, failed, aside]), plain).split('\n')).toEqual([
      '✓ signature   made with a trusted key',
      '✗ bytes       ./copy: a\\u{1b}[2Jb: content differs',
      '              expected sha256:aa',
      '              found sha256:bb',
      '· ignored     not examined',
      '',
      'NOT VERIFIED',
      '',
    ]);
  });

  it.each([
    [[passed, aside], 'VERIFIED'],
    [[passed, { ...passed, outcome: 'unknown' as const }], 'UNDECIDED'],
    [[], 'UNDECIDED'],
  ])('answers by the required checks alone: %#', (checks, answer) => {
    expect(checksTable(verdictOf(checks), plain)).toMatch(new RegExp(`(^|\n)${answer}\n$`));
  });

  it('paints outcomes only when it may', () => {
    expect(checksTable(verdictOf([passed]), { color: true, width: 60 })).toContain('\x1b[32m✓\x1b[39m');
    expect(checksTable(verdictOf([passed]), plain)).not.toContain('\x1b');
  });

  it('shortens digests that do not fit, and no others', () => {
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    const text = (width: number) =>
      checksTable(verdictOf([{ ...failed, expected: digest }]), { color: false, width });
    expect(text(80)).toContain('expected sha256:0123456789abcdef…\n');
    expect(text(100)).toContain(`${digest}\n`);
  });

  it('keeps to the width', () => {
    const long = { ...passed, why: 'word '.repeat(40).trim() };
    const lines = checksTable(verdictOf([long]), { color: false, width: 40 }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });
});
