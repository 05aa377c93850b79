import { MlbomError, messageOf } from '../core/errors.ts';
import { setMember, type JsonObject, type JsonValue } from '../core/json.ts';
import { limits } from '../core/limits.ts';

/**
 * Reads one YAML 1.2 document as plain JSON, as strictly as JSON is read: no key twice, bounded nesting.
 * Keys become strings; numbers that JSON does not have become text.
 * @throws MlbomError `E_MALFORMED`; `E_LIMIT` when nested too deeply, or when aliases make it too large
 */
export async function parseYaml(text: string, subject: string): Promise<JsonValue> {
  const yaml = await import('yaml');
  refuseDepth(text, subject);
  refuseBulk(text, subject);
  let value: unknown;
  try {
    // The library's own look for equal keys compares every two of them.
    const document = yaml.parseDocument(text, { ...options, uniqueKeys: false });
    const error = document.errors[0];
    if (error) throw error;
    yaml.visit(document, {
      Map: (_, map) => {
        refuseEqualKeys(map.items.map(({ key }) => keyOf(key, yaml.isScalar)));
      },
    });
    value = document.toJS({ maxAliasCount: limits.yamlAliases, mapAsMap: true });
  } catch (cause) {
    throw malformed(subject, messageOf(cause), cause);
  }
  return plain(value, subject);
}

// Told to be silent, the library would also pass over a second document.
const options = { schema: 'core', resolveKnownTags: false, prettyErrors: false, logLevel: 'error' } as const;

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
    if (depth > limits.jsonDepth) throw tooMuch(subject, 'yaml-depth', 'nested too deeply');
  }
  if (/(?:[-?:][ \t]+){128}/.test(text)) throw tooMuch(subject, 'yaml-depth', 'nested too deeply');
}

/**
 * The parser keeps every token, and looks through the whole document for the anchor of every alias; both are counted
 * before it begins. Words in prose count, too: no honest document has that many.
 */
function refuseBulk(text: string, subject: string): void {
  const references = text.match(/(?<![^\s,[{:-])[&*](?=[^\s,\]}])/g)?.length ?? 0;
  if (references > 2 * limits.yamlAliases)
    throw tooMuch(subject, 'yaml-aliases', 'too many anchors and aliases');
  const indicators = text.match(/[\n,:[\]{}?!&*-]/g)?.length ?? 0;
  if (indicators > limits.yamlIndicators) throw tooMuch(subject, 'yaml-size', 'too many values');
}

function keyOf(key: unknown, isScalar: (node: unknown) => node is { value: unknown }): string {
  if (isScalar(key)) return String(key.value);
  throw new Error('a key is not a plain value');
}

/** `1` and `"1"` are one name in JSON. */
function refuseEqualKeys(keys: readonly string[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) throw new Error(`the key ${JSON.stringify(key.slice(0, 80))} appears twice`);
    seen.add(key);
  }
}

/** The library's maps and numbers as JSON's. Aliased values are written out, so that they are counted, too. */
function plain(document: unknown, subject: string): JsonValue {
  let values = 0;
  return convert(document, 0);

  function convert(value: unknown, depth: number): JsonValue {
    if (depth > limits.jsonDepth) throw tooMuch(subject, 'yaml-depth', 'nested too deeply');
    if (++values > limits.yamlValues) throw tooMuch(subject, 'yaml-values', 'aliases repeat too much');
    if (value === null || value === undefined) return null;
    if (value instanceof Map) {
      const object: JsonObject = {};
      for (const [key, item] of value) setMember(object, String(key), convert(item, depth + 1));
      return object;
    }
    if (Array.isArray(value)) return value.map((item) => convert(item, depth + 1));
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
    if (typeof text === 'string' && text.isWellFormed()) return text;
    throw malformed(subject, 'a value is no text, or holds half a character');
  }
}

function malformed(subject: string, why: string, cause?: unknown): MlbomError {
  const details = { subject, rule: 'yaml', ...(cause === undefined ? {} : { cause }) };
  return new MlbomError('E_MALFORMED', `${subject}: not YAML (${why.slice(0, 200)})`, details);
}

function tooMuch(subject: string, rule: string, why: string): MlbomError {
  return new MlbomError('E_LIMIT', `${subject}: ${why}`, { subject, rule });
}
