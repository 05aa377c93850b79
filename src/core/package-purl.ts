import { PackageURL } from 'packageurl-js';

/** What a package URL is made from. Absent and empty parts are the same. */
export interface PurlParts {
  /** Segments separated by `/`; npm's scope with its `@`. */
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly subpath?: string | undefined;
}

/**
 * A package URL in its canonical form, or undefined when these parts make none (an empty name, a name that npm refuses).
 * packageurl-js normalises and validates by type; the encoding is ECMA-427's own, from which it departs: everything but
 * letters, digits, `.-_~`, the colon, and the slash in qualifiers is percent-encoded, so that a version's `+` is `%2B`.
 */
export function packagePurl(type: string, parts: PurlParts): string | undefined {
  try {
    const { namespace, subpath } = parts;
    const name = type === 'pypi' ? pypiName(parts.name) : parts.name;
    const given = type === 'pypi' ? parts.version?.toLowerCase() : parts.version;
    const purl = new PackageURL(type, namespace, name, given, withoutEmpty(parts.qualifiers), subpath);
    const text =
      `pkg:${purl.type}/` +
      (purl.namespace ? `${segments(purl.namespace)}/` : '') +
      encoded(purl.name) +
      (purl.version ? `@${encoded(purl.version)}` : '') +
      query(purl.qualifiers ?? {}) +
      (purl.subpath ? `#${segments(purl.subpath)}` : '');
    // What the library cannot read again (it decodes qualifiers twice), others that use it cannot either.
    PackageURL.fromString(text);
    return text;
  } catch {
    // The library throws plain errors for parts that no purl of the type may have, and URIError for half characters.
    return undefined;
  }
}

/** A package of PyPI by any spelling of its name. */
export function pypiPurl(
  name: string,
  version?: string,
  qualifiers?: PurlParts['qualifiers'],
): string | undefined {
  return packagePurl('pypi', { name, version, qualifiers });
}

/** The one spelling of a Python project's name (PyPA "Name normalization", PEP 503). */
export function pypiName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[-_.]+/g, '-');
}

function withoutEmpty(qualifiers: PurlParts['qualifiers'] = {}): Record<string, string> {
  const given = Object.entries(qualifiers).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1].trim() !== '',
  );
  return Object.fromEntries(given);
}

function query(qualifiers: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(qualifiers).map(
    ([key, value]) => `${key}=${encoded(value).replaceAll('%2F', '/')}`,
  );
  return pairs.length === 0 ? '' : `?${pairs.sort().join('&')}`;
}

function segments(path: string): string {
  return path.split('/').filter(Boolean).map(encoded).join('/');
}

function encoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%3A', ':')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
