import { summarizeChanges, type Change, type ComparedBom, type Comparison } from '../core/change.ts';
import { groupBy } from '../core/group-by.ts';
import { severities, type Severity } from '../core/severity.ts';
import { plainText } from './plain-text.ts';
import type { TableOptions } from './table-options.ts';
import { wrapText } from './wrap-text.ts';

/** Changes of one rule that are printed; the rest are counted. */
const longestGroup = 50;
/** Characters of one value; names and digests are shorter. */
const longestText = 300;

const colors: Record<Severity, string> = { critical: '1;31', high: '31', medium: '33', low: '36', info: '2' };

/** The changes for a terminal: by severity, then by rule, each with what, was, now, and why it matters. */
export function changesTable(comparison: Comparison, options: TableOptions): string {
  const { changes } = comparison;
  const paint = (code: string, text: string) => (options.color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const width = Math.max(40, Math.min(options.width, 120));
  const lines = [`${bomName(comparison.old)} → ${bomName(comparison.new)}`, summaryLine(changes, paint)];
  for (const severity of severities) {
    const group = changes.filter((change) => change.severity === severity);
    if (group.length === 0) continue;
    lines.push('', paint(colors[severity], severity.toUpperCase()));
    for (const [id, ofRule] of groupBy(group, (change) => change.id))
      lines.push(...ruleLines(id, ofRule, width, paint));
  }
  return `${lines.join('\n')}\n`;
}

function ruleLines(
  id: string,
  changes: readonly Change[],
  width: number,
  paint: (code: string, text: string) => string,
): string[] {
  const [first] = changes;
  const lines = wrapText(`${id} ${first?.title ?? ''}`, width - 2).map((line) => `  ${paint('1', line)}`);
  lines.push(...wrapText(first?.why ?? '', width - 4).map((line) => paint('2', `    ${line}`)));
  for (const change of changes.slice(0, longestGroup)) {
    lines.push(...labelled('·', change.what, width));
    if (change.was !== undefined) lines.push(...labelled('  was', change.was, width));
    if (change.now !== undefined) lines.push(...labelled('  now', change.now, width));
  }
  const hidden = changes.length - longestGroup;
  if (hidden > 0) lines.push(`    … and ${hidden} more of these; the JSON output has them all`);
  return lines;
}

/** A label, and its text indented beside it. */
function labelled(label: string, text: string, width: number): string[] {
  const indent = label.length + 5;
  return wrapText(plainText(text, longestText), width - indent).map((line, index) =>
    index === 0 ? `    ${label} ${line}` : `${' '.repeat(indent)}${line}`,
  );
}

function summaryLine(changes: readonly Change[], paint: (code: string, text: string) => string): string {
  const summary = summarizeChanges(changes);
  if (summary.total === 0) return 'no changes';
  const counts = severities.filter((severity) => summary[severity] > 0);
  return counts.map((severity) => paint(colors[severity], `${summary[severity]} ${severity}`)).join(', ');
}

function bomName(bom: ComparedBom): string {
  const version = bom.version === undefined ? '' : `@${plainText(bom.version, 80)}`;
  return `${plainText(bom.name, 120) || 'a BOM without a subject'}${version}`;
}
