import { shortened } from '../core/shortened.ts';
import {
  chainAt,
  codeOf,
  isKeyword,
  isOperator,
  type JinjaChain,
  type JinjaCode,
} from '../formats/jinja/chains.ts';
import type { JinjaPart, JinjaToken } from '../formats/jinja/tokenize.ts';
import type { TemplateMatch } from './template-findings.ts';
import { date, trigger } from './template-rules.ts';
import { isTrigger } from './template-trigger.ts';

/** What the names of a template stand for: the text of a message, or today. */
interface Meanings {
  readonly content: Set<string>;
  readonly dates: Set<string>;
}

/** Members of a message, and of the parts of a message, that hold what somebody wrote. */
const contentMembers = new Set(['content', 'text']);
/** Steps that leave a text a text. */
const textSteps = new Set(
  'lower upper strip lstrip rstrip trim title capitalize casefold string safe first last join replace split'.split(
    ' ',
  ),
);
/** Methods whose literal is looked for in the text, or taken out of it. */
const searches = new Set(
  'startswith endswith find rfind index rindex count replace split partition'.split(' '),
);
const comparisons = new Set(['==', '!=', '<', '>', '<=', '>=']);
const tests = new Set(['in', 'equalto', 'eq', 'ne', 'sameas', 'contains', 'search', 'match', 'matching']);
const selections = new Set(['selectattr', 'rejectattr']);

/** Where a template does something else because of a word in a message, or because of the day. */
export function behaviourMatches(parts: readonly JinjaPart[]): TemplateMatch[] {
  const codes = parts.flatMap((part) => ('tokens' in part ? [codeOf(part.tokens)] : []));
  const meanings: Meanings = { content: new Set(['content']), dates: new Set(['strftime_now']) };
  // A name may be set from one that is set later in a loop; twice is enough for what people write.
  for (let round = 0; round < 2; round++) for (const code of codes) learn(code, meanings);
  return codes.flatMap((code) => matchesIn(code, meanings));
}

/** `set text = message.content`, `set ns.last = …`, `for part in message.content`: what the names stand for. */
function learn(code: JinjaCode, meanings: Meanings): void {
  const [keyword, target, next, member] = code.tokens;
  if (keyword?.kind !== 'name' || target?.kind !== 'name') return;
  if (keyword.value !== 'set' && keyword.value !== 'for') return;
  const name =
    isOperator(next, '.') && member?.kind === 'name' ? `${target.value}.${member.value}` : target.value;
  const isBound = ({ kind, value }: JinjaToken): boolean =>
    kind === 'operator' ? value === '=' : value === 'in';
  const start = code.tokens.findIndex(isBound) + 1;
  if (start === 0) return;
  for (let at = start; at < code.tokens.length; at++) {
    const chain = startsAt(code, at) ? chainAt(code, at) : undefined;
    // A comparison makes a truth value of it.
    if (!chain || isTested(code.tokens[chain.end])) continue;
    if (isContent(chain, meanings)) meanings.content.add(name);
    // A text with the date in it is no date.
    const isAll = at === start && chain.end === code.tokens.length;
    if (isAll && meanings.dates.has(chain.root.value)) meanings.dates.add(name);
  }
}

function matchesIn(code: JinjaCode, meanings: Meanings): TemplateMatch[] {
  const matches: TemplateMatch[] = [];
  code.tokens.forEach((token, at) => {
    const chain = startsAt(code, at) ? chainAt(code, at) : undefined;
    if (chain) {
      for (const found of literalsFor(code, chain, meanings)) {
        if (isTrigger(found.value)) matches.push(triggered(found));
      }
      if (isDecidedByDate(code, at, chain, meanings)) {
        matches.push({ rule: date, at: token.offset, message: `it compares ${shortened(token.value, 80)}` });
      }
    } else if (token.kind === 'string' && isTrigger(token.value) && isSoughtAfter(code, at, meanings)) {
      matches.push(triggered(token));
    }
  });
  return matches;
}

function triggered({ value, offset }: JinjaToken): TemplateMatch {
  return { rule: trigger, at: offset, message: `it looks for ${JSON.stringify(shortened(value, 80))}` };
}

/** `'word' in content`, `'word' == content`. */
function isSoughtAfter(code: JinjaCode, at: number, meanings: Meanings): boolean {
  const next = code.tokens[at + 1];
  const isNot = next?.kind === 'name' && next.value === 'not';
  const operator = isNot ? code.tokens[at + 2] : next;
  if (!operator || !(isWord(operator, 'in') || isEquality(operator))) return false;
  const chain = chainAt(code, at + (isNot ? 3 : 2));
  return chain !== undefined && isContent(chain, meanings);
}

/** The literals that a chain is searched for: by its own methods and filters, or by what follows it. */
function literalsFor(code: JinjaCode, chain: JinjaChain, meanings: Meanings): JinjaToken[] {
  const found: JinjaToken[] = [];
  chain.steps.forEach((step, index) => {
    const method = chain.steps[index - 1];
    const isSearch = step.kind === 'call' && method?.kind === 'member' && searches.has(method.name);
    if (isSearch && isContent({ ...chain, steps: chain.steps.slice(0, index - 1) }, meanings)) {
      found.push(...step.strings.slice(0, 1));
    }
    // messages|selectattr('content', 'search', 'word')
    if (
      step.kind === 'filter' &&
      selections.has(step.name) &&
      contentMembers.has(step.strings[0]?.value ?? '')
    ) {
      found.push(...step.strings.slice(2));
    }
  });
  if (!isContent(chain, meanings)) return found;
  return [...found, ...comparedWith(code.tokens, chain.end)];
}

/** `content == 'word'`, `content in ['a', 'b']`, `content is equalto 'word'`. */
function comparedWith(tokens: readonly JinjaToken[], end: number): JinjaToken[] {
  let at = end;
  const operator = tokens[at];
  if (operator === undefined) return [];
  if (isEquality(operator)) return literals(tokens, at + 1);
  if (isWord(operator, 'is')) at++;
  if (isWord(tokens[at], 'not')) at++;
  const test = tokens[at];
  return test?.kind === 'name' && tests.has(test.value) ? literals(tokens, at + 1) : [];
}

/** A literal, or those of a list. */
function literals(tokens: readonly JinjaToken[], at: number): JinjaToken[] {
  const found: JinjaToken[] = [];
  for (let index = at; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === 'string') found.push(token);
    else if (token?.kind !== 'operator' || !'[(,'.includes(token.value)) break;
  }
  return found;
}

/** True when the chain gives the text of a message, or a part of it. */
function isContent({ root, steps }: Pick<JinjaChain, 'root' | 'steps'>, { content }: Meanings): boolean {
  const [first] = steps;
  let is =
    content.has(root.value) || (first?.kind === 'member' && content.has(`${root.value}.${first.name}`));
  steps.forEach((step, index) => {
    if (step.kind === 'member') {
      const isSetMember = index === 0 && content.has(`${root.value}.${step.name}`);
      is = contentMembers.has(step.name) || isSetMember || (is && textSteps.has(step.name));
    } else if (step.kind === 'filter') is = is && textSteps.has(step.name);
  });
  return is;
}

function isDecidedByDate(code: JinjaCode, at: number, chain: JinjaChain, { dates }: Meanings): boolean {
  if (!dates.has(chain.root.value)) return false;
  const [before, after] = [code.tokens[at - 1], code.tokens[chain.end]];
  return [before, after].some((token) => token?.kind === 'operator' && comparisons.has(token.value));
}

/** A chain begins at a name that is no member of another one, or at the first of several parentheses. */
function startsAt({ tokens }: JinjaCode, at: number): boolean {
  const [before, token] = [tokens[at - 1], tokens[at]];
  if (token?.kind === 'name') return !isOperator(before, '.') && !isOperator(before, '|');
  return isOperator(token, '(') && (before?.kind !== 'name' || isKeyword(before)) && !isOperator(before, '(');
}

function isTested(token: JinjaToken | undefined): boolean {
  if (token?.kind === 'operator') return comparisons.has(token.value);
  return isWord(token, 'is') || isWord(token, 'in') || isWord(token, 'not');
}

function isEquality({ kind, value }: JinjaToken): boolean {
  return kind === 'operator' && (value === '==' || value === '!=');
}

function isWord(token: JinjaToken | undefined, word: string): boolean {
  return token?.kind === 'name' && token.value === word;
}
