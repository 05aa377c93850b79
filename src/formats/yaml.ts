import type { JsonObject, JsonValue } from '../core/json.ts';
import { MlbomError, messageOf } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

/**
 * Reads one YAML 1.2 document as plain JSON. Keys become strings; numbers that JSON does not have become text.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT` when nested too deeply or aliased too often
 */
export async function parseYaml(text: string, subject: string): Promise<JsonValue> {
  const { parseDocument } = await import('yaml');
  refuseDepth(text, subject);
  let value: unknown;
  try {
    const document = parseDocument(text, { schema: 'core', prettyErrors: false, logLevel: 'silent' });
    const error = document.errors[0];
    if (error) throw error;
    value = document.toJS({ maxAliasCount: limits.yamlAliases, mapAsMap: true });
  } catch (cause) {
    throw new MlbomError('E_MALFORMED', `${subject}: not YAML (${messageOf(cause)})`, {
      subject,
      rule: 'yaml',
      cause,
    });
  }
  return plain(value, subject, 0);
}

/**
 * The parser recurses into brackets and into indentation; a bound on both keeps hostile text off its stack.
 * Brackets inside strings are counted too: no honest document has that many in a row.
 */
function refuseDepth(text: string, subject: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x5b || unit === 0x7b) depth++;
    else if (unit === 0x5d || unit === 0x7d) depth = Math.max(0, depth - 1);
    if (depth > limits.jsonDepth) throw tooDeep(subject);
  }
  if (/(?:[-?:][ \t]+){128}/.test(text)) throw tooDeep(subject);
}

function plain(value: unknown, subject: string, depth: number): JsonValue {
  if (depth > limits.jsonDepth) throw tooDeep(subject);
  if (value === null || value === undefined) return null;
  if (value instanceof Map) {
    const object: JsonObject = {};
    for (const [key, item] of value) {
      Object.defineProperty(object, typeof key === 'string' ? key : String(key), {
        value: plain(item, subject, depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, subject, depth + 1));
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return String(value as bigint);
}

function tooDeep(subject: string): MlbomError {
  return new MlbomError('E_LIMIT', `${subject}: nested deeper than ${limits.jsonDepth} levels`, {
    subject,
    rule: 'yaml-depth',
  });
}
