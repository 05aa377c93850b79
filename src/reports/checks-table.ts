import type { Check } from '../core/check.ts';
import type { Verdict } from '../core/verdict.ts';
import { plainText } from './plain-text.ts';
import { wrapText } from './wrap-text.ts';

export interface ChecksTableOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const colors = { pass: '32', fail: '31', unknown: '33' } as const;
const marks = { pass: '✓', fail: '✗', unknown: '?' } as const;
const words = { pass: 'VERIFIED', fail: 'NOT VERIFIED', unknown: 'UNDECIDED' } as const;
const indent = ' '.repeat(14);

/** A verdict for a person: every check in its order with its reason, and the answer at the end, where eyes stay. */
export function checksTable(verdict: Verdict, { color, width }: ChecksTableOptions): string {
  const paint = (check: Pick<Check, 'outcome'>, text: string): string =>
    color ? `\x1b[${colors[check.outcome]}m${text}\x1b[39m` : text;
  const lines = verdict.checks.flatMap((check) => checkLines(check, width, paint));
  return `${[...lines, '', paint(verdict, words[verdict.outcome])].join('\n')}\n`;
}

function checkLines(check: Check, width: number, paint: (check: Check, text: string) => string): string[] {
  const mark = check.required || check.outcome === 'fail' ? paint(check, marks[check.outcome]) : '·';
  const subject = check.subject === undefined ? '' : `${check.subject}: `;
  const details = [check.expected && `expected ${check.expected}`, check.actual && `found ${check.actual}`];
  const texts = [`${subject}${check.why}`, ...(check.outcome === 'pass' ? [] : details)];
  const [first = '', ...rest] = texts
    .filter((text): text is string => text !== undefined && text !== '')
    .flatMap((text) => wrapText(plainText(text), width - indent.length));
  return [`${mark} ${check.id.padEnd(indent.length - 2)}${first}`, ...rest.map((line) => indent + line)];
}
