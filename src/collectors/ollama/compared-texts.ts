import { shortened } from '../../core/shortened.ts';
import type { JinjaPart, JinjaToken } from '../../formats/jinja/tokenize.ts';
import type { TemplateMatch } from '../template-findings.ts';
import { date, trigger } from '../template-rules.ts';
import { isTrigger } from '../template-trigger.ts';

/** Go writes `eq .Content "word"`: the name of the comparison stands before what it compares (text/template). */
const comparisons = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge']);
/** What somebody wrote, by the names that Ollama's templates have for it. */
const content = new Set(['Content', 'Prompt', 'Response', 'System', 'Thinking']);
const dates = new Set(['currentDate', 'yesterday']);
/** Tokens of one comparison; each stands for some characters. */
const longest = 200;

/** Where a template compares what was said, or the day, with a fixed text. */
export function comparedTexts(parts: readonly JinjaPart[]): readonly TemplateMatch[] {
  return parts.flatMap((part) => {
    if (!('tokens' in part)) return [];
    const { tokens } = part;
    return tokens.flatMap((token, at) => {
      const isComparison = token.kind === 'name' && comparisons.has(token.value) && !isField(tokens, at);
      const said = isComparison ? judged(operandsOf(tokens, at + 1)) : undefined;
      return said ? [{ ...said, at: token.offset }] : [];
    });
  });
}

function judged(operands: readonly JinjaToken[]): Pick<TemplateMatch, 'rule' | 'message'> | undefined {
  const names = operands.filter(({ kind }) => kind === 'name').map(({ value }) => value);
  const day = names.find((name) => dates.has(name));
  if (day !== undefined) return { rule: date, message: `it compares ${day}` };
  const word = operands.find(({ kind, value }) => kind === 'string' && isTrigger(value))?.value;
  if (word === undefined || !names.some((name) => content.has(name))) return undefined;
  return { rule: trigger, message: `it looks for ${JSON.stringify(shortened(word, 80))}` };
}

/** Up to the parenthesis that ends the comparison; what stands in parentheses of its own belongs to it. */
function operandsOf(tokens: readonly JinjaToken[], start: number): readonly JinjaToken[] {
  const end = Math.min(tokens.length, start + longest);
  let depth = 0;
  for (let at = start; at < end; at++) {
    const { kind, value } = tokens[at] ?? {};
    if (kind !== 'operator') continue;
    if (value === '(') depth++;
    else if (value === ')' && depth-- === 0) return tokens.slice(start, at);
  }
  return tokens.slice(start, end);
}

function isField(tokens: readonly JinjaToken[], at: number): boolean {
  const before = tokens[at - 1];
  return before?.kind === 'operator' && before.value === '.';
}
