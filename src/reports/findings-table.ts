import type { ValidationFinding } from '../core/validation-finding.ts';
import { plainText } from './plain-text.ts';
import type { TableOptions } from './table-options.ts';
import { wrapText } from './wrap-text.ts';

const colors = { error: '31', warning: '33', info: '36' } as const;
const order = ['error', 'warning', 'info'] as const;

/** What a judgement found, errors first, each with its place, its reason and its fix; then the count. */
export function findingsTable(
  findings: readonly ValidationFinding[],
  { color, width }: TableOptions,
): string {
  const lines = order.flatMap((severity) =>
    findings
      .filter((finding) => finding.severity === severity)
      .flatMap(({ id, pointer, message, fix }) => {
        const label = color ? `\x1b[${colors[severity]}m${severity}\x1b[39m` : severity;
        const texts = [
          ...wrapText(plainText(message), width - 2),
          ...wrapText(`fix: ${plainText(fix)}`, width - 2),
        ];
        return [`${label} ${id} at ${plainText(pointer) || '/'}`, ...texts.map((text) => `  ${text}`), ''];
      }),
  );
  const counts = order
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 || severity === 'info' ? '' : 's'}`);
  return `${[...lines, counts.length === 0 ? 'valid' : counts.join(', ')].join('\n')}\n`;
}
