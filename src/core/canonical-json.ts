import { MlbomError } from './errors.ts';
import { limits } from './limits.ts';

/**
 * The canonical form of a JSON value: RFC 8785 (JCS).
 * @throws MlbomError `E_MALFORMED` for what JSON cannot carry: `undefined`, `NaN`, infinities, lone surrogates
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

/** The canonical form as UTF-8 bytes: what is hashed and signed. */
export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8');
}

function write(value: unknown, depth: number): string {
  if (depth > limits.jsonDepth) throw new MlbomError('E_LIMIT', 'JSON is nested too deeply');
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'boolean':
      return String(value);
    case 'number':
      // ECMAScript's own number form is the one that RFC 8785 §3.2.2.3 prescribes.
      if (Number.isFinite(value)) return Object.is(value, -0) ? '0' : String(value);
      throw new MlbomError('E_MALFORMED', `JSON has no number ${value}`);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, depth + 1)).join(',')}]`;
      return object(value as Record<string, unknown>, depth);
    default:
      throw new MlbomError('E_MALFORMED', `JSON has no ${typeof value}`);
  }
}

/** Members sorted by UTF-16 units, as RFC 8785 §3.2.3 wants and `sort()` does. */
function object(value: Record<string, unknown>, depth: number): string {
  const members = Object.keys(value)
    .sort()
    .map((key) => `${text(key)}:${write(value[key], depth + 1)}`);
  return `{${members.join(',')}}`;
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new MlbomError('E_MALFORMED', 'a string holds half a character');
  return JSON.stringify(value);
}
