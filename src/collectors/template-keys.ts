import { shortened } from '../core/shortened.ts';
import { codeOf, isKeyword, isOperator, type JinjaCode } from '../formats/jinja/chains.ts';
import { joinedStrings } from '../formats/jinja/joined-strings.ts';
import type { JinjaToken } from '../formats/jinja/tokenize.ts';
import type { TemplateMatch } from './template-findings.ts';
import { functions, pieces } from './template-rules.ts';

const words = '(?:init|globals|builtins?|class|import|popen|subclasses|bases?|mro|getattr|getattribute)';
/** The short words occur in others: `base64`, `important`. */
const internalsWord = new RegExp(`globals|builtin|subclasses|popen|getattr|^${words}$`);
const onlyWord = new RegExp(`^_*${words}_*$`);
/** A word of internals between two places that a format fills in. */
const formattedWord = new RegExp(`(?:%s|%c|\\}|_)${words}(?:%|\\{|_)`);
const onlyUnderscores = /^_+$/;
const characterFormat = /\{[^{}]{0,40}:[^{}]{0,20}c\}/;

/** Globals of a renderer, which a template calls and otherwise leaves alone. */
const globals = new Set(['namespace', 'dict', 'range', 'raise_exception', 'strftime_now']);
/** Filters whose first argument may be the name of an attribute. */
const byAttribute = new Set('map groupby sum selectattr rejectattr'.split(' '));
const withAttribute = new Set([...byAttribute, 'sort', 'unique', 'min', 'max', 'join']);

/** Tokens of one key or list that are looked at. */
const longest = 64;

/** Keys that are computed so that nobody reads the name of an internal, and texts that are changed into one. */
export function keyMatches(tokens: readonly JinjaToken[], assigned: ReadonlySet<string>): TemplateMatch[] {
  const code = codeOf(tokens);
  return tokens.flatMap((token, index): TemplateMatch[] => {
    if (token.kind === 'name') return ofName(code, index, token, assigned);
    if (token.kind === 'string') return ofLiteral(code, index, token);
    if (!isOperator(token, '[') || !isValue(tokens[index - 1])) return [];
    return hidesName(inside(code, index)) ? [made(token.offset, 'a key')] : [];
  });
}

function ofName(
  code: JinjaCode,
  index: number,
  { value, offset }: JinjaToken,
  assigned: ReadonlySet<string>,
): TemplateMatch[] {
  const { tokens } = code;
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  if (isOperator(before, '|')) return isOperator(after, '(') ? ofFilter(code, index, value) : [];
  if (isOperator(before, '.') || !globals.has(value) || assigned.has(value)) return [];
  let next = index + 1;
  while (next - index < longest && isOperator(tokens[next], ')')) next++;
  const follows = tokens[next];
  const reached = ['.', '[', '|'].some((step) => isOperator(follows, step));
  const alone =
    value === 'namespace' && !isOperator(after, '(') && !isOperator(after, '=') && after?.value !== 'is';
  return reached || alone
    ? [{ rule: functions, at: offset, message: `it uses ${value} without a call` }]
    : [];
}

/** `|map(attribute=…)` with anything but one literal. */
function ofFilter(code: JinjaCode, index: number, name: string): TemplateMatch[] {
  if (!withAttribute.has(name)) return [];
  const list = inside(code, index + 1);
  const named = list.findIndex((token, at) => token.value === 'attribute' && isOperator(list[at + 1], '='));
  const start = named >= 0 ? named + 2 : 0;
  if (named < 0 && !byAttribute.has(name)) return [];
  const [first, second] = [list[start], list[start + 1]];
  if (first === undefined || isOperator(second, '=')) return [];
  const isPlain = first.kind === 'string' || first.kind === 'number';
  if (isPlain && (second === undefined || isOperator(second, ','))) return [];
  return [
    { rule: functions, at: first.offset, message: `it takes an attribute by a computed name (|${name})` },
  ];
}

function ofLiteral(code: JinjaCode, index: number, { value, offset }: JinjaToken): TemplateMatch[] {
  const { tokens } = code;
  const [before, after, step] = [tokens[index - 1], tokens[index + 1], tokens[index + 2]];
  const matches = [made(offset, JSON.stringify(shortened(value, 80)))];
  if (onlyWord.test(value) && isJoin(before) && isJoin(after)) return matches;
  if (onlyUnderscores.test(value)) {
    if (isJoin(after) && onlyUnderscores.test(step?.kind === 'string' ? step.value : '')) return matches;
    if (isOperator(after, '*') && (step?.kind !== 'number' || Number(step.value) <= 2)) return matches;
  }
  if (isOperator(after, '%')) return formattedWord.test(value) ? matches : [];
  if (isOperator(after, '['))
    return value.includes('_') || internalsWord.test(reversed(value)) ? matches : [];
  if (!isOperator(after, '.') && !isOperator(after, '|')) return [];
  const strings = isOperator(tokens[index + 3], '(')
    ? inside(code, index + 3).filter(({ kind }) => kind === 'string')
    : [];
  return changes(
    step?.value,
    value,
    strings.map((it) => it.value),
  )
    ? matches
    : [];
}

/** True when a method or filter may make a name of internals of a literal. */
function changes(method: string | undefined, value: string, strings: readonly string[]): boolean {
  switch (method) {
    case 'format':
      return characterFormat.test(value) || formattedWord.test(value);
    case 'replace': {
      const [from = '', to = ''] = strings;
      return to.includes('_') || (from !== '' && internalsWord.test(value.replaceAll(from, to)));
    }
    case 'reverse':
      return value.includes('_') || internalsWord.test(reversed(value));
    case 'center':
    case 'ljust':
    case 'rjust':
      return strings.includes('_');
    case 'join':
      return onlyUnderscores.test(value) && strings.some((it) => it === '' || onlyWord.test(it));
    default:
      return false;
  }
}

/** True for a computed key with a word of internals, or with underscores by themselves that are not just joined. */
function hidesName(key: readonly JinjaToken[]): boolean {
  const strings = key.filter(({ kind }) => kind === 'string');
  if (key.length < 2 || strings.length === 0) return false;
  const joined = joinedStrings(key).flatMap(({ value }) => value.replaceAll('_', '').split('\0'));
  if (
    [
      ...joined,
      strings
        .map(({ value }) => value)
        .join('')
        .replaceAll('_', ''),
    ].some((text) => isHidden(text))
  )
    return true;
  const isJoined = key.every((token) => token.kind !== 'operator' || isJoin(token));
  return !isJoined && strings.some(({ value }) => onlyUnderscores.test(value));
}

function isHidden(text: string): boolean {
  return internalsWord.test(text) || internalsWord.test(reversed(text));
}

/** The tokens between a bracket and the one that closes it, as far as they are looked at. */
function inside({ tokens, ends }: JinjaCode, open: number): readonly JinjaToken[] {
  const end = (ends.get(open) ?? tokens.length + 1) - 1;
  return tokens.slice(open + 1, Math.min(end, open + 1 + longest));
}

/** What a subscript follows; a list literal follows an operator or a word. */
function isValue(token: JinjaToken | undefined): boolean {
  if (token === undefined || isKeyword(token)) return false;
  return token.kind !== 'operator' || ')]}'.includes(token.value);
}

function isJoin(token: JinjaToken | undefined): boolean {
  return isOperator(token, '~') || isOperator(token, '+');
}

function reversed(text: string): string {
  return Array.from(text.slice(0, 400)).reverse().join('');
}

function made(at: number, of: string): TemplateMatch {
  return { rule: pieces, at, message: `it makes a name of ${of}` };
}
