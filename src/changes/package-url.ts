/**
 * What of a package URL says which package it is: all but the version, and the qualifiers that only say it again.
 * Read by hand and never refused, because the BOM may be anybody's.
 * Source: https://github.com/package-url/purl-spec, PURL-SPECIFICATION.rst.
 */
export function packageIdentity(purl: string): string {
  const { name, qualifiers, subpath } = split(purl);
  const kept = qualifiers
    .filter((qualifier) => !/^(?:checksum|tag|download_url|vcs_url)=/i.test(qualifier))
    .sort();
  const type = name.indexOf('/');
  return `${name.slice(0, type).toLowerCase()}${name.slice(type)}?${kept.join('&')}#${subpath}`;
}

/** True when both are there and name different packages. */
export function isOtherPackage(purl: string | undefined, other: string | undefined): boolean {
  return purl !== undefined && other !== undefined && packageIdentity(purl) !== packageIdentity(other);
}

/** The version of a package URL as it is written there. */
export function packageVersion(purl: string): string | undefined {
  return split(purl).version;
}

/** True when the package URL names a file within the package. */
export function namesFile(purl: string): boolean {
  return split(purl).subpath !== '';
}

function split(purl: string): { name: string; version?: string; qualifiers: string[]; subpath: string } {
  const [path, subpath] = cut(purl, purl.indexOf('#'));
  const [package_, query] = cut(path, path.indexOf('?'));
  const at = package_.lastIndexOf('@');
  const qualifiers = query === '' ? [] : query.split('&');
  // `pkg:npm/@scope/name`: an unescaped scope is wrong, common, and not a version.
  if (at <= package_.lastIndexOf('/') + 1) return { name: package_, qualifiers, subpath };
  return { name: package_.slice(0, at), version: package_.slice(at + 1), qualifiers, subpath };
}

function cut(text: string, at: number): [string, string] {
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
