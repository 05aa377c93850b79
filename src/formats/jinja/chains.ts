import type { JinjaToken } from './tokenize.ts';

/** One step from a value to what is made of it. */
export type JinjaStep =
  /** `.name`, or `['name']` with a literal. */
  | { readonly kind: 'member'; readonly name: string }
  /** `[0]`, `[1:]`, `[name]`. */
  | { readonly kind: 'item' }
  /** `(…)` after a member or a name. */
  | { readonly kind: 'call'; readonly strings: readonly JinjaToken[] }
  /** `|name`, or `|name(…)`. */
  | { readonly kind: 'filter'; readonly name: string; readonly strings: readonly JinjaToken[] };

/** A name and what is taken from it: `messages[0].content|lower`. */
export interface JinjaChain {
  readonly root: JinjaToken;
  readonly steps: readonly JinjaStep[];
  /** Index of the first token after it. */
  readonly end: number;
}

/** The tokens of one expression or statement, with the end of each bracket. */
export interface JinjaCode {
  readonly tokens: readonly JinjaToken[];
  /** By the index of an opening bracket, the index after the one that closes it; the end where none does. */
  readonly ends: ReadonlyMap<number, number>;
}

/** Parentheses around one name that are looked through; each level is tried by itself. */
const deepest = 8;
/** Tokens of a call's arguments that are looked at. */
const longest = 64;
const mostSteps = 256;

const keywords = new Set(['if', 'elif', 'else', 'and', 'or', 'not', 'in', 'is', 'set', 'for']);

export function codeOf(tokens: readonly JinjaToken[]): JinjaCode {
  const ends = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach(({ kind, value }, index) => {
    if (kind !== 'operator') return;
    if ('([{'.includes(value)) open.push(index);
    else if (')]}'.includes(value)) {
      const opener = open.pop();
      if (opener !== undefined) ends.set(opener, index + 1);
    }
  });
  return { tokens, ends };
}

/**
 * The chain that begins with the token at `start`: a name, or one in parentheses that hold nothing else.
 * `undefined` when there is none.
 */
export function chainAt(code: JinjaCode, start: number): JinjaChain | undefined {
  const { tokens } = code;
  let at = start;
  while (isOperator(tokens[at], '(') && at - start < deepest) at++;
  let open = at - start;
  const root = tokens[at];
  if (root?.kind !== 'name' || isKeyword(root)) return undefined;
  const steps: JinjaStep[] = [];
  at++;
  for (;;) {
    at = readSteps(code, at, steps);
    if (open === 0 || !isOperator(tokens[at], ')')) break;
    open--;
    at++;
  }
  return open === 0 ? { root, steps, end: at } : undefined;
}

/** Steps beyond the longest that anybody writes are passed over. */
function readSteps({ tokens, ends }: JinjaCode, from: number, steps: JinjaStep[]): number {
  const closing = (open: number): number => ends.get(open) ?? tokens.length;
  const add = (step: JinjaStep): void => {
    if (steps.length < mostSteps) steps.push(step);
  };
  let at = from;
  for (;;) {
    const token = tokens[at];
    const next = tokens[at + 1];
    if (isOperator(token, '.') && next !== undefined && next.kind !== 'operator') {
      add(next.kind === 'name' ? { kind: 'member', name: next.value } : { kind: 'item' });
      at += 2;
    } else if (isOperator(token, '|') && next?.kind === 'name') {
      at += 2;
      const end = isOperator(tokens[at], '(') ? closing(at) : at;
      add({ kind: 'filter', name: next.value, strings: strings(tokens, at, end) });
      at = end;
    } else if (isOperator(token, '[')) {
      const end = closing(at);
      const literal = end - at === 3 && next?.kind === 'string';
      add(literal ? { kind: 'member', name: next.value } : { kind: 'item' });
      at = end;
    } else if (isOperator(token, '(')) {
      const end = closing(at);
      add({ kind: 'call', strings: strings(tokens, at, end) });
      at = end;
    } else return at;
  }
}

/** Words that join expressions and name nothing. */
export function isKeyword(token: JinjaToken | undefined): boolean {
  return token?.kind === 'name' && keywords.has(token.value);
}

export function isOperator(token: JinjaToken | undefined, value: string): boolean {
  return token?.kind === 'operator' && token.value === value;
}

function strings(tokens: readonly JinjaToken[], start: number, end: number): JinjaToken[] {
  return tokens.slice(start, Math.min(end, start + longest)).filter(({ kind }) => kind === 'string');
}
