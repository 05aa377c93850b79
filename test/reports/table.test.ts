import { describe, expect, it } from 'vitest';
import { table } from '../../src/reports/table.ts';

const columns = [
  { title: 'NAME', shrink: 1 },
  { title: 'BYTES', align: 'right' },
] as const;

describe('table', () => {
  it('is as wide as it needs, numbers to the right', () => {
    expect(
      table(
        columns,
        [
          ['a', '1'],
          ['longer', '22'],
        ],
        80,
      ),
    ).toEqual(['NAME    BYTES', 'a           1', 'longer     22']);
  });

  it('cuts the columns that may shrink, in characters and not in halves of them', () => {
    expect(table(columns, [['🦙'.repeat(20), '1']], 17)).toEqual([
      'NAME        BYTES',
      `${'🦙'.repeat(9)}…      1`,
    ]);
  });

  it('shows what acts on a terminal instead of doing it', () => {
    expect(table(columns, [['a\nb\x1b[2J', '1']], 80)[1]).toBe('a\\nb\\u{1b}[2J      1');
  });
});
