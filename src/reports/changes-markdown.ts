import { summarizeChanges, type Change, type ComparedBom, type Comparison } from '../core/change.ts';
import { severities } from '../core/severity.ts';
import { markdownCode, markdownText } from './markdown-text.ts';

/** A bot finds its own comment by this line and updates it in place of writing another. */
export const changesMarker = '<!-- mlbom:diff -->';

/** GitHub refuses comments of more than 65,536 characters. */
const longestComment = 65_000;
/** Room for the line that says what was cut off. */
const cutOffRoom = 400;
const longestText = 200;

/** The changes as a pull request comment: a table, worst first, and why each kind matters. */
export function changesMarkdown(comparison: Comparison): string {
  const { changes } = comparison;
  const head = [
    changesMarker,
    '### ML-BOM changes',
    '',
    `${bomName(comparison.old)} → ${bomName(comparison.new)}`,
    '',
    summaryLine(changes),
  ];
  if (changes.length === 0) return `${head.join('\n')}\n`;
  head.push('', '| Severity | Change | What | Was | Now |', '|---|---|---|---|---|');
  const reasons = reasonLines(changes);
  const budget = longestComment - cutOffRoom - length(head) - length(reasons);
  const rows = rowsWithin(changes, budget);
  const cutOff = changes.slice(rows.length);
  const honest =
    cutOff.length === 0
      ? []
      : [
          '',
          `**${cutOff.length} more changes are not shown here** (${counts(cutOff)}): the JSON output has them all.`,
        ];
  return `${[...head, ...rows, ...honest, ...reasons].join('\n')}\n`;
}

function rowsWithin(changes: readonly Change[], budget: number): string[] {
  const rows: string[] = [];
  let used = 0;
  for (const change of changes) {
    const row = rowOf(change);
    used += row.length + 1;
    if (used > budget) break;
    rows.push(row);
  }
  return rows;
}

function rowOf(change: Change): string {
  const cells = [
    change.severity,
    `${change.id} ${markdownText(change.title, longestText)}`,
    markdownText(change.what, longestText),
    cell(change.was),
    cell(change.now),
  ];
  return `| ${cells.join(' | ')} |`;
}

function cell(value: string | undefined): string {
  return value === undefined ? '' : markdownCode(value, longestText);
}

/** One line a rule; there are only so many rules. */
function reasonLines(changes: readonly Change[]): string[] {
  const reasons = new Map(changes.map(({ id, title, why }) => [id, { title, why }]));
  const lines = [...reasons].map(
    ([id, { title, why }]) =>
      `- **${id} ${markdownText(title, longestText)}**: ${markdownText(why, 2 * longestText)}`,
  );
  return ['', '<details><summary>Why it matters</summary>', '', ...lines, '', '</details>'];
}

function summaryLine(changes: readonly Change[]): string {
  return changes.length === 0 ? 'No changes.' : `**${counts(changes)}**`;
}

function counts(changes: readonly Change[]): string {
  const summary = summarizeChanges(changes);
  const found = severities.filter((severity) => summary[severity] > 0);
  return found.map((severity) => `${summary[severity]} ${severity}`).join(', ');
}

function bomName(bom: ComparedBom): string {
  return markdownCode(
    `${bom.name || 'BOM'}${bom.version === undefined ? '' : `@${bom.version}`}`,
    longestText,
  );
}

function length(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
