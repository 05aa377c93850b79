import type { Check } from '../core/check.ts';
import type { Verdict } from '../core/verdict.ts';
import { plainText } from './plain-text.ts';
import type { TableOptions } from './table-options.ts';
import { wrapText } from './wrap-text.ts';

const colors = { pass: '32', fail: '31', unknown: '33' } as const;
const marks = { pass: '✓', fail: '✗', unknown: '?' } as const;
const words = { pass: 'VERIFIED', fail: 'NOT VERIFIED', unknown: 'UNDECIDED' } as const;
const indent = ' '.repeat(14);
/** `sha256:` and its 64 digits. */
const digestWidth = 71;

/** A verdict for a person: every check in its order with its reason, and the answer at the end, where eyes stay. */
export function checksTable(verdict: Verdict, { color, width }: TableOptions): string {
  const paint = (check: Pick<Check, 'outcome'>, text: string): string =>
    color ? `\x1b[${colors[check.outcome]}m${text}\x1b[39m` : text;
  const lines = verdict.checks.flatMap((check) => checkLines(check, width, paint));
  return `${[...lines, '', paint(verdict, words[verdict.outcome])].join('\n')}\n`;
}

function checkLines(check: Check, width: number, paint: (check: Check, text: string) => string): string[] {
  const mark = check.required || check.outcome === 'fail' ? paint(check, marks[check.outcome]) : '·';
  const subject = check.subject === undefined ? '' : `${withShortDigests(check.subject)}: `;
  const columns = width - indent.length;
  const details = [check.expected && `expected ${check.expected}`, check.actual && `found ${check.actual}`]
    .filter((text): text is string => text !== undefined && text !== '')
    .map((text) => (columns < digestWidth ? withShortDigests(text) : text));
  const [first = '', ...rest] = [
    `${subject}${check.why}`,
    ...(check.outcome === 'pass' ? [] : details),
  ].flatMap((text) => wrapText(plainText(text), columns));
  return [`${mark} ${check.id.padEnd(indent.length - 2)}${first}`, ...rest.map((line) => indent + line)];
}

/** A digest that is broken over two lines cannot be compared or copied; its beginning can, and JSON has the whole. */
function withShortDigests(text: string): string {
  return text.replace(/\b(sha256:[0-9a-f]{16})[0-9a-f]{48}\b/g, '$1…');
}
