import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

/** What `repr` of Python writes for the values that an .npy header holds. */
export type PythonLiteral =
  | { readonly kind: 'none' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'tuple' | 'list'; readonly items: readonly PythonLiteral[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [PythonLiteral, PythonLiteral])[] };

/** Nesting of structured types; NumPy's own reader stops at Python's parser. */
const deepest = 32;
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * Reads one Python literal: a dict, list, tuple, string, integer, `True`, `False` or `None`, and nothing else.
 * Integers beyond 2^53 become infinite, so that every limit refuses them.
 * @throws MlbomError `E_MALFORMED` or `E_LIMIT`
 */
export function parsePythonLiteral(text: string): PythonLiteral {
  const state = { text, at: 0, values: 0 };
  const value = readValue(state, 0);
  skipSpace(state);
  if (state.at < text.length) throw malformed(state, 'something follows the value');
  return value;
}

interface State {
  readonly text: string;
  at: number;
  values: number;
}

function readValue(state: State, depth: number): PythonLiteral {
  if (depth > deepest) throw new MlbomError('E_LIMIT', 'npy: nested too deeply', { rule: 'npy-depth' });
  if (++state.values > limits.npyHeaderValues) {
    throw new MlbomError('E_LIMIT', `npy: more than ${limits.npyHeaderValues} values`, {
      rule: 'npy-values',
    });
  }
  skipSpace(state);
  const first = state.text[state.at];
  if (first === '{') return { kind: 'dict', entries: readEntries(state, depth) };
  if (first === '[') return { kind: 'list', items: readItems(state, ']', depth).items };
  if (first === '(') return readTuple(state, depth);
  if (first === "'" || first === '"') return { kind: 'text', value: readText(state, first) };
  return readWord(state);
}

/** `(1)` is the number 1; `(1,)` is a tuple. */
function readTuple(state: State, depth: number): PythonLiteral {
  const { items, comma } = readItems(state, ')', depth);
  const [only] = items;
  return only !== undefined && items.length === 1 && !comma ? only : { kind: 'tuple', items };
}

function readItems(state: State, end: string, depth: number): { items: PythonLiteral[]; comma: boolean } {
  const items: PythonLiteral[] = [];
  let comma = false;
  state.at++;
  while (!taken(state, end)) {
    if (items.length > 0 && !comma) throw malformed(state, 'a comma is missing');
    items.push(readValue(state, depth + 1));
    comma = taken(state, ',');
  }
  return { items, comma };
}

function readEntries(state: State, depth: number): [PythonLiteral, PythonLiteral][] {
  const entries: [PythonLiteral, PythonLiteral][] = [];
  let comma = true;
  state.at++;
  while (!taken(state, '}')) {
    if (!comma) throw malformed(state, 'a comma is missing');
    const key = readValue(state, depth + 1);
    if (!taken(state, ':')) throw malformed(state, 'a colon is missing');
    entries.push([key, readValue(state, depth + 1)]);
    comma = taken(state, ',');
  }
  return entries;
}

function readText(state: State, quote: string): string {
  let value = '';
  for (let at = state.at + 1; at < state.text.length; at++) {
    const character = state.text.charAt(at);
    if (character === quote) {
      state.at = at + 1;
      return value;
    }
    if (character !== '\\') {
      value += character;
      continue;
    }
    at++;
    const code = /^(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/.exec(state.text.slice(at, at + 5))?.[0];
    value +=
      code === undefined ? (escapes[state.text.charAt(at)] ?? `\\${state.text.charAt(at)}`) : unescaped(code);
    if (code !== undefined) at += code.length - 1;
  }
  throw malformed(state, 'a string does not end');
}

function unescaped(code: string): string {
  return String.fromCharCode(Number.parseInt(code.slice(1), 16));
}

/** `3L` is how Python 2 wrote a long integer. */
function readWord(state: State): PythonLiteral {
  const pattern = /(?:(?<int>-?\d{1,400})L?|(?<word>True|False|None))(?![\w.])/y;
  pattern.lastIndex = state.at;
  const groups = pattern.exec(state.text)?.groups;
  if (!groups) throw malformed(state, 'a value is missing');
  state.at = pattern.lastIndex;
  const { int, word } = groups;
  if (int !== undefined) {
    const value = Number(int);
    return { kind: 'int', value: Number.isSafeInteger(value) ? value : Math.sign(value) * Infinity };
  }
  return word === 'None' ? { kind: 'none' } : { kind: 'bool', value: word === 'True' };
}

function taken(state: State, character: string): boolean {
  skipSpace(state);
  if (state.text[state.at] !== character) return false;
  state.at++;
  return true;
}

function skipSpace(state: State): void {
  while (/[ \t\r\n]/.test(state.text.charAt(state.at))) state.at++;
}

function malformed(state: State, what: string): MlbomError {
  return new MlbomError('E_MALFORMED', `npy: ${what} (at ${state.at} of the header)`, {
    rule: 'npy-header',
    offset: state.at,
  });
}
