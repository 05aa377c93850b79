import { packagePurl } from '../../core/package-purl.ts';

/** `pkg:npm/%40scope/name@1.0.0`: purl-spec has the scope as the namespace. Undefined for what is no name. */
export function npmPurl(name: string, version?: string): string | undefined {
  const [, scope, own] = /^(?:(@[^/@\s]+)\/)?([^/@\s]+)$/.exec(name) ?? [];
  if (own === undefined || name.length > longestName) return undefined;
  return packagePurl('npm', { namespace: scope, name: own, version });
}

/** npm's own bound of a name. */
const longestName = 214;
