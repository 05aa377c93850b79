import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { decodeEscapes } from './decode-escapes.ts';

/** One token of an expression or a statement. Offsets are in UTF-16 units of the template. */
export interface JinjaToken {
  readonly kind: 'name' | 'string' | 'number' | 'operator';
  /** Of a string what it stands for, without quotes and escapes; otherwise as written. */
  readonly value: string;
  readonly offset: number;
}

/** A template is text with comments (`{# … #}`), expressions (`{{ … }}`) and statements (`{% … %}`) in between. */
export type JinjaPart =
  | { readonly kind: 'text' | 'comment'; readonly value: string; readonly offset: number }
  | {
      readonly kind: 'expression' | 'statement';
      readonly tokens: readonly JinjaToken[];
      readonly offset: number;
    };

const name = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const number = /\d+(?:\.\d+)?/y;
const space = /\s+/y;
const pairs = new Set(['//', '**', '==', '!=', '>=', '<=']);
const openers = '([{';
const closers = ')]}';

/**
 * Cuts a Jinja template into tokens as Jinja's own lexer does with its default delimiters (jinja2/lexer.py).
 * It never refuses a syntax: what does not end, ends with the template.
 * @throws MlbomError `E_LIMIT` (`jinja-tokens`) for more tokens than any template has
 */
export function tokenizeJinja(text: string): JinjaPart[] {
  return new Tokenizer(text).parts();
}

class Tokenizer {
  readonly #text: string;
  readonly #parts: JinjaPart[] = [];
  #at = 0;
  #tokens = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parts(): JinjaPart[] {
    while (this.#at < this.#text.length) {
      const open = this.#nextOpening();
      this.#addText(this.#at, open);
      this.#at = open;
      if (open < this.#text.length) this.#block();
    }
    return this.#parts;
  }

  /** Where the next `{{`, `{%` or `{#` begins, or the end. */
  #nextOpening(): number {
    for (let at = this.#text.indexOf('{', this.#at); at >= 0; at = this.#text.indexOf('{', at + 1)) {
      if ('{%#'.includes(this.#text[at + 1] ?? ' ')) return at;
    }
    return this.#text.length;
  }

  #block(): void {
    const offset = this.#at;
    const mark = this.#text[offset + 1];
    this.#at += 2;
    if (mark === '#') {
      const end = this.#indexOf('#}', this.#at);
      this.#spend();
      this.#parts.push({ kind: 'comment', value: this.#text.slice(this.#at, end), offset: this.#at });
      this.#at = end + 2;
      return;
    }
    const kind = mark === '{' ? 'expression' : 'statement';
    const tokens = this.#inside(kind === 'expression' ? '}}' : '%}');
    this.#parts.push({ kind, tokens, offset });
    if (kind === 'statement' && tokens.length === 1 && tokens[0]?.value === 'raw') this.#raw();
  }

  /** Nothing has a meaning in a raw block but its end. */
  #raw(): void {
    const end = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;
    end.lastIndex = this.#at;
    const match = end.exec(this.#text);
    const stop = match?.index ?? this.#text.length;
    this.#addText(this.#at, stop);
    this.#at = stop + (match?.[0].length ?? 0);
  }

  /** Tokens up to the end of the block. A closing brace inside of brackets ends no block. */
  #inside(close: string): JinjaToken[] {
    const tokens: JinjaToken[] = [];
    let depth = 0;
    // A sign that controls white space is no minus.
    if ('-+'.includes(this.#text[this.#at] ?? ' ')) this.#at++;
    for (;;) {
      this.#match(space);
      if (this.#at >= this.#text.length) return tokens;
      if (depth === 0 && this.#closes(close)) return tokens;
      const token = this.#token();
      tokens.push(token);
      if (token.kind !== 'operator') continue;
      if (openers.includes(token.value)) depth++;
      else if (closers.includes(token.value)) depth = Math.max(0, depth - 1);
    }
  }

  #closes(close: string): boolean {
    const skip = '-+'.includes(this.#text[this.#at] ?? ' ') ? 1 : 0;
    if (!this.#text.startsWith(close, this.#at + skip)) return false;
    this.#at += skip + close.length;
    return true;
  }

  #token(): JinjaToken {
    this.#spend();
    const offset = this.#at;
    const first = this.#text[offset] ?? '';
    if (first === '"' || first === "'") return { kind: 'string', value: this.#string(first), offset };
    const word = this.#match(name);
    if (word !== undefined) return { kind: 'name', value: word, offset };
    const digits = this.#match(number);
    if (digits !== undefined) return { kind: 'number', value: digits, offset };
    const two = this.#text.slice(offset, offset + 2);
    const value = pairs.has(two) ? two : first;
    this.#at += value.length;
    return { kind: 'operator', value, offset };
  }

  #string(quote: string): string {
    const start = this.#at + 1;
    let end = start;
    while (end < this.#text.length && this.#text[end] !== quote) end += this.#text[end] === '\\' ? 2 : 1;
    this.#at = end + 1;
    return decodeEscapes(this.#text.slice(start, end));
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    if (match !== undefined) this.#at += match.length;
    return match;
  }

  #addText(start: number, end: number): void {
    if (end === start) return;
    this.#spend();
    this.#parts.push({ kind: 'text', value: this.#text.slice(start, end), offset: start });
  }

  #indexOf(mark: string, from: number): number {
    const found = this.#text.indexOf(mark, from);
    return found < 0 ? this.#text.length : found;
  }

  #spend(): void {
    if (++this.#tokens <= limits.templateTokens) return;
    throw new MlbomError('E_LIMIT', `jinja: more than ${limits.templateTokens} tokens`, {
      rule: 'jinja-tokens',
      offset: this.#at,
    });
  }
}
