import { isOperator } from './chains.ts';
import type { JinjaToken } from './tokenize.ts';

/** Stands for what is not a literal in a text that is put together. */
const unknownPart = '\u0000';

/** A text that an expression builds, as far as its literals tell. */
export interface JoinedString {
  readonly value: string;
  readonly offset: number;
  /** How many literals it is made of. */
  readonly pieces: number;
}

/**
 * The texts of an expression: each run of literals that `~`, `+` or nothing joins is one, and so is a list of
 * literals. What stands between two literals and is no literal is `unknownPart`.
 */
export function joinedStrings(tokens: readonly JinjaToken[]): JoinedString[] {
  const found: JoinedString[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (isOperator(token, '[') || isOperator(token, '(')) found.push(...listAt(tokens, at));
    if (token?.kind !== 'string') continue;
    const run = runAt(tokens, at);
    found.push(run.joined);
    at = run.last;
  }
  return found;
}

function runAt(tokens: readonly JinjaToken[], start: number): { joined: JoinedString; last: number } {
  let value = tokens[start]?.value ?? '';
  let pieces = 1;
  let last = start;
  for (;;) {
    const next = nextOperand(tokens, last);
    if (next === undefined) break;
    const token = tokens[next];
    if (token?.kind === 'string') {
      value += token.value;
      pieces++;
      last = next;
      continue;
    }
    // A name between two literals: only its end is of interest, and whether a literal follows.
    const after = nextOperand(tokens, next);
    const literal = after === undefined ? undefined : tokens[after];
    if (after === undefined || literal?.kind !== 'string') break;
    value += unknownPart + literal.value;
    pieces++;
    last = after;
  }
  return { joined: { value, offset: tokens[start]?.offset ?? 0, pieces }, last };
}

function nextOperand(tokens: readonly JinjaToken[], at: number): number | undefined {
  const next = tokens[at + 1];
  if (next?.kind === 'string' && tokens[at]?.kind === 'string') return at + 1;
  return isOperator(next, '~') || isOperator(next, '+') ? at + 2 : undefined;
}

/** A list of nothing but literals, as `|join` would make one text of it. */
function listAt(tokens: readonly JinjaToken[], open: number): JoinedString[] {
  if (tokens[open + 1]?.kind !== 'string' || !isOperator(tokens[open + 2], ',')) return [];
  const literals: string[] = [];
  for (let at = open + 1; ; at++) {
    const token = tokens[at];
    if (token?.kind === 'string') literals.push(token.value);
    else if (isOperator(token, ']') || isOperator(token, ')')) break;
    else if (!isOperator(token, ',')) return [];
  }
  return [{ value: literals.join(''), offset: tokens[open]?.offset ?? 0, pieces: literals.length }];
}
