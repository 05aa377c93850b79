const units: Record<string, number> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

/** A number of parameters as people write it, `1100000000`, `"1.1B"`, `"8x7B"` not being one; as decimal digits. */
export function parameterCount(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const match = /^\s*(\d{1,15}(?:\.\d{1,6})?)\s*([KMBT])?\s*$/i.exec(
    value.replace(/(?<=\d)[_,](?=\d{3})/g, ''),
  );
  if (!match) return undefined;
  const count = Math.round(Number(match[1]) * (units[match[2]?.toUpperCase() ?? ''] ?? 1));
  return Number.isSafeInteger(count) && count > 0 ? String(count) : undefined;
}
