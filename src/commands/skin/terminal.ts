import type { TableOptions } from '../../reports/table-options.ts';

/** Columns to use where nobody says. */
const defaultWidth = 100;

/** What a stream can show: colours only on a terminal and without `NO_COLOR` (no-color.org), and its width. */
export function terminal(
  stream: { isTTY?: boolean; columns?: number },
  environment: NodeJS.ProcessEnv = process.env,
): TableOptions {
  const color = stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  const { columns = 0 } = stream;
  return { color, width: columns > 0 ? Math.max(40, columns) : defaultWidth };
}
