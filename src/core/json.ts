import { MlbomError } from './errors.ts';
import { limits } from './limits.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = Record<string, JsonValue>;

export interface JsonOptions {
  /** What is being read, for the error. */
  subject?: string;
  /** Nesting; `limits.jsonDepth` when absent. */
  depth?: number;
}

/**
 * Reads JSON strictly (RFC 8259): one value, valid UTF-8, no member name twice in an object, bounded nesting.
 * `JSON.parse` keeps the last of two equal names in silence, so that two readers of one document can see two things.
 * Half a surrogate pair is refused (RFC 7493 §2.1): no UTF-8, and so no signature, can carry it on.
 * A member named `__proto__` becomes an ordinary own property.
 * @throws MlbomError `E_MALFORMED` with the offset (in UTF-16 units), `E_LIMIT` when nested too deeply
 */
export function parseJson(input: string | Uint8Array, options: JsonOptions = {}): JsonValue {
  const subject = options.subject ?? 'JSON';
  return new Parser(
    typeof input === 'string' ? input : decodeUtf8(input, subject),
    subject,
    options.depth,
  ).document();
}

/** As `parseJson`, for what must be an object. */
export function parseJsonObject(input: string | Uint8Array, options: JsonOptions = {}): JsonObject {
  const value = parseJson(input, options);
  if (isObject(value)) return value;
  const subject = options.subject ?? 'JSON';
  throw new MlbomError('E_MALFORMED', `${subject}: not a JSON object`, { subject, rule: 'json-object' });
}

/** Sets an own member of any name; plain assignment to `__proto__` would change the prototype in its place. */
export function setMember(object: JsonObject, name: string, value: JsonValue): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// One for all calls: making a decoder costs more than decoding a name.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A byte order mark stays: the parser refuses it, as RFC 8259 §8.1 allows, so that no two readers differ on it.
 * @throws MlbomError `E_MALFORMED` for bytes that are not UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, subject: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new MlbomError('E_MALFORMED', `${subject}: not UTF-8`, { subject, rule: 'utf-8', cause });
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Parser {
  readonly #text: string;
  readonly #subject: string;
  readonly #depth: number;
  #at = 0;
  #values = 0;

  constructor(text: string, subject: string, depth: number = limits.jsonDepth) {
    this.#text = text;
    this.#subject = subject;
    this.#depth = depth;
  }

  document(): JsonValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#malformed('something follows the value');
    return value;
  }

  #value(depth: number): JsonValue {
    if (++this.#values > limits.jsonValues)
      throw this.#tooMuch('json-values', `more than ${limits.jsonValues} values`);
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(this.#deeper(depth));
      case '[':
        return this.#array(this.#deeper(depth));
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #deeper(depth: number): number {
    if (depth < this.#depth) return depth + 1;
    throw this.#tooMuch('json-depth', `nested deeper than ${this.#depth} levels`);
  }

  #object(depth: number): JsonObject {
    const object: JsonObject = {};
    this.#at++;
    this.#space();
    if (this.#taken('}')) return object;
    for (;;) {
      this.#space();
      const start = this.#at;
      if (this.#text[start] !== '"') throw this.#malformed('a member name is missing');
      const name = this.#string();
      if (Object.hasOwn(object, name)) {
        this.#at = start;
        throw this.#malformed(
          `the name ${JSON.stringify(name.slice(0, 80))} appears twice`,
          'json-duplicate-key',
        );
      }
      this.#space();
      if (!this.#taken(':')) throw this.#malformed('a colon is missing');
      const value = this.#value(depth);
      setMember(object, name, value);
      this.#space();
      if (this.#taken('}')) return object;
      if (!this.#taken(',')) throw this.#malformed('a comma or a closing brace is missing');
    }
  }

  #array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.#at++;
    this.#space();
    if (this.#taken(']')) return array;
    for (;;) {
      array.push(this.#value(depth));
      this.#space();
      if (this.#taken(']')) return array;
      if (!this.#taken(',')) throw this.#malformed('a comma or a closing bracket is missing');
    }
  }

  #string(): string {
    const start = this.#at;
    const text = this.#text;
    let end = start + 1;
    let plain = true;
    for (; ; end++) {
      const unit = text.charCodeAt(end);
      if (unit === 0x22) break;
      if (unit === 0x5c) {
        plain = false;
        end++;
      } else if (!(unit >= 0x20)) {
        // NaN (the end) and control characters both fail the comparison.
        this.#at = Math.min(end, text.length);
        throw this.#malformed(
          end < text.length ? 'a control character stands in a string' : 'a string does not end',
        );
      }
    }
    this.#at = end + 1;
    const value = plain ? text.slice(start + 1, end) : this.#unescaped(start, end + 1);
    if (value.isWellFormed()) return value;
    this.#at = start;
    throw this.#malformed('a string holds half a character', 'json-surrogate');
  }

  #unescaped(start: number, end: number): string {
    try {
      return JSON.parse(this.#text.slice(start, end)) as string;
    } catch {
      this.#at = start;
      throw this.#malformed('an escape in a string is wrong');
    }
  }

  #number(): number {
    number.lastIndex = this.#at;
    const match = number.exec(this.#text)?.[0];
    if (match === undefined) {
      throw this.#malformed(this.#at < this.#text.length ? 'a value is missing' : 'it ends too early');
    }
    const value = Number(match);
    if (!Number.isFinite(value)) throw this.#malformed('a number is too large');
    this.#at += match.length;
    return value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#malformed('a value is missing');
    this.#at += word.length;
    return value;
  }

  #space(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at++;
    }
  }

  #taken(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #tooMuch(rule: string, what: string): MlbomError {
    return new MlbomError('E_LIMIT', `${this.#subject}: ${what}`, {
      subject: this.#subject,
      rule,
      offset: this.#at,
    });
  }

  #malformed(what: string, rule = 'json'): MlbomError {
    return new MlbomError('E_MALFORMED', `${this.#subject}: ${what} (at ${this.#at})`, {
      subject: this.#subject,
      offset: this.#at,
      rule,
    });
  }
}
