/** A size as people read it, in powers of 1000: `4.98 GB`. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'], ' ');
}

/** A count as people read it: `8.03B`, `22.7M`. */
export function formatCount(count: number): string {
  return scaled(count, ['', 'K', 'M', 'B', 'T'], '');
}

/** Three digits, and the unit in which there are no more before the point. */
function scaled(value: number, units: readonly string[], space: string): string {
  let unit = 0;
  let rest = value;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  const digits = unit === 0 || rest >= 999.5 ? Math.round(rest) : rest.toPrecision(3);
  return `${digits}${space}${units[unit] ?? ''}`;
}
