/** One challenge of `WWW-Authenticate`. */
export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  readonly scheme: string;
  /** Names in lower case; of a name that stands twice, the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads the challenges of `WWW-Authenticate` (RFC 9110 §11.6.1): several may stand in one field, and several fields in
 * one answer. It never throws: from where a field stops following its grammar, the rest of that field is left out, and of too long a
 * field all.
 */
export function parseChallenges(fields: readonly string[]): Challenge[] {
  const challenges = fields
    .slice(0, mostChallenges)
    .filter((field) => field.length <= longestField)
    .flatMap((field) => new FieldReader(field).challenges());
  return challenges.slice(0, mostChallenges);
}

const longestField = 16 * 1024;
const mostChallenges = 16;
const mostParameters = 32;

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
/** `token68`: what follows a scheme in the place of parameters. */
const token68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;

class FieldReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  challenges(): Challenge[] {
    const found: Challenge[] = [];
    for (;;) {
      this.#skip(' \t,');
      const scheme = this.#match(token);
      if (scheme === undefined || found.length >= mostChallenges) return found;
      const { parameters, isWhole } = this.#parameters();
      if (!isWhole) return found;
      found.push({ scheme: scheme.toLowerCase(), parameters });
    }
  }

  /** Ends before the next scheme: a word that no `=` follows. */
  #parameters(): { parameters: Map<string, string>; isWhole: boolean } {
    const parameters = new Map<string, string>();
    this.#skip(' \t');
    if (this.#match(token68) !== undefined) return { parameters, isWhole: true };
    while (parameters.size < mostParameters) {
      const start = this.#at;
      this.#skip(' \t,');
      const name = this.#match(token);
      this.#skip(' \t');
      if (name === undefined) return { parameters, isWhole: this.#at >= this.#text.length };
      if (this.#text[this.#at] !== '=') {
        this.#at = start;
        return { parameters, isWhole: this.#isSeparator(start) };
      }
      this.#at++;
      this.#skip(' \t');
      const value = this.#text[this.#at] === '"' ? this.#quoted() : this.#match(token);
      if (value === undefined) return { parameters, isWhole: false };
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
    }
    return { parameters, isWhole: false };
  }

  /** A new challenge follows a comma; a scheme alone may be followed by one at once. */
  #isSeparator(start: number): boolean {
    const between = /[ \t,]*/y;
    between.lastIndex = start;
    const text = between.exec(this.#text)?.[0] ?? '';
    return text.includes(',');
  }

  #quoted(): string | undefined {
    let value = '';
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const character = this.#text[at] ?? '';
      if (character === '"') {
        this.#at = at + 1;
        return value;
      }
      if (character === '\\') at++;
      value += this.#text[at] ?? '';
    }
    return undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skip(characters: string): void {
    while (this.#at < this.#text.length && characters.includes(this.#text[this.#at] ?? '')) this.#at++;
  }
}
