import { MlbomError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { namedLicense } from './license-name.ts';

/** What stands for a reference within the document: the same for both BOMs when both refer to the same thing. */
export interface Resolver {
  /** For a `bom-ref`; `undefined` when it leads to something that the other BOM does not have. */
  ref(ref: string): string | undefined;
  /** For a JSON Pointer. */
  pointer(pointer: string): string | undefined;
}

/** Members whose strings are `bom-ref`s, over all objects of CycloneDX 1.4 to 1.7. */
const referring = new Set(
  (
    'ref dependsOn provides assemblies dependencies vulnerabilities subjects tools attributedTo process parent target ' +
    'claims counterClaims evidence counterEvidence mitigationStrategies requirement assessor signatory assertions ' +
    'algorithmRef subjectPublicKeyRef signatureAlgorithmRef cryptoRefArray implementationPlatformRef uses implements'
  ).split(' '),
);
/** Of these, the ones without which the object around them says nothing. */
const essential = new Set(['ref', 'assemblies', 'subjects', 'pointers']);

/**
 * A text that is equal for two values that say the same: members and items in one order, no `bom-ref`, references by
 * what they lead to, licences and hash algorithms in their canonical form, empty lists as absent.
 * `undefined` when nothing is left to say.
 * @throws MlbomError `E_LIMIT` when nested too deeply
 */
export function canonicalText(value: unknown, resolver: Resolver, key = '', depth = 0): string | undefined {
  if (depth > limits.jsonDepth)
    throw new MlbomError('E_LIMIT', 'the BOM is nested too deeply', { rule: 'json-depth' });
  if (typeof value === 'string') return string(value, key, resolver);
  if (Array.isArray(value)) return list(value, resolver, key, depth);
  if (isObject(value) && key === 'licenses') return object({ ...namedLicense(value) }, resolver, '', depth);
  if (isObject(value)) return object(value, resolver, key, depth);
  return value === undefined ? undefined : JSON.stringify(value);
}

function string(value: string, key: string, resolver: Resolver): string | undefined {
  if (key === 'alg') return JSON.stringify(hashAlgorithm(value));
  const resolved = referring.has(key)
    ? resolver.ref(value)
    : key === 'pointers'
      ? resolver.pointer(value)
      : value;
  return resolved === undefined ? undefined : JSON.stringify(resolved);
}

function list(
  values: readonly unknown[],
  resolver: Resolver,
  key: string,
  depth: number,
): string | undefined {
  const items = values
    .map((item) => canonicalText(item, resolver, key, depth + 1))
    .filter((text) => text !== undefined)
    .sort();
  return items.length === 0 ? undefined : `[${items.join(',')}]`;
}

function object(
  value: Record<string, unknown>,
  resolver: Resolver,
  key: string,
  depth: number,
): string | undefined {
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    // The value of an embedded signature (JSF) covers serial numbers and order; who signed is what can be compared.
    if (name === 'bom-ref' || (name === 'value' && key === 'signature')) continue;
    const isDigest =
      name === 'content' && typeof value['alg'] === 'string' && typeof value[name] === 'string';
    const member = isDigest ? (value[name] as string).toLowerCase() : value[name];
    const text = canonicalText(member, resolver, name, depth + 1);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
    else if (essential.has(name) && !isEmpty(member)) return undefined;
  }
  return `{${members.join(',')}}`;
}

/** `sha-256`, `SHA256` and `SHA-256` are one algorithm. */
export function hashAlgorithm(name: string): string {
  return name
    .toUpperCase()
    .replace(/^(SHA|BLAKE2B|STREEBOG)(?=\d)/, '$1-')
    .replace('SHA-3-', 'SHA3-');
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
