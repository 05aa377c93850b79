import { plainText } from './plain-text.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** Columns give up their width in the order of this number, the largest first; absent ones never do. */
  readonly shrink?: number;
}

/** The narrowest that a shrinking column becomes. */
const narrowest = 8;
const gap = '  ';

/** Rows under titles, as wide as they need and at most `width`; what does not fit is cut with `…`. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const cells = rows.map((row) => row.map((cell) => plainText(cell)));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((row) => Array.from(row[index] ?? '').length)),
  );
  fit(columns, widths, width);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align))
      .join(gap)
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)];
}

function fit(columns: readonly Column[], widths: number[], width: number): void {
  const order = columns
    .map(({ shrink }, index) => ({ shrink, index }))
    .filter((column): column is { shrink: number; index: number } => column.shrink !== undefined)
    .sort((a, b) => b.shrink - a.shrink);
  for (const { index } of order) {
    const excess = widths.reduce((sum, one) => sum + one, gap.length * (widths.length - 1)) - width;
    if (excess <= 0) return;
    widths[index] = Math.max(Math.min(narrowest, widths[index] ?? 0), (widths[index] ?? 0) - excess);
  }
}

function pad(text: string, width: number, align?: 'right'): string {
  const characters = Array.from(text);
  if (characters.length > width) return `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
  const space = ' '.repeat(width - characters.length);
  return align === 'right' ? space + text : text + space;
}
