import { nameOf } from '../../core/path.ts';
import { pypiName } from '../../core/package-purl.ts';
import { digestOf, distributionReference, vcsSource, type Locked } from './locked.ts';

/**
 * One requirement as pip reads it: PEP 508's `name[extra] == 1.0 ; marker` and `name @ URL`, or an address alone.
 * Its version is known where it is pinned. Paths of a machine and what is no requirement give nothing.
 */
export function parseRequirement(text: string): Locked | undefined {
  const [requirement = '', ...options] = text.split(/\s(?=--?[A-Za-z])/);
  const hashes = options.flatMap((option) => digestOf(/^--hash[=\s]\s*(\S+)$/.exec(option.trim())?.[1]));
  // A marker ends an address only after a space.
  const [address] = /^(?:(?:git|hg|svn|bzr)\+)?[a-z]+:\/\/\S+/i.exec(requirement) ?? [];
  if (address !== undefined) return fromAddress(undefined, address, hashes);
  const [, name, , rest = ''] =
    /^([A-Za-z0-9][\w.-]{0,254})\s*(\[[^\]]{0,1000}\])?\s*([^]*)$/.exec(requirement) ?? [];
  if (name === undefined || !/[A-Za-z0-9]$/.test(name)) return undefined;
  if (rest.startsWith('@')) return fromAddress(name, rest.slice(1).trim().split(/\s/)[0] ?? '', hashes);
  const specifier = (rest.split(';', 1)[0] ?? '')
    .trim()
    .replace(/^\((.*)\)$/s, '$1')
    .trim();
  if (specifier !== '' && !/^(?:[<>]|[=!~]=)/.test(specifier)) return undefined;
  const version = /^={2,3}\s*([^\s,*()]+)$/.exec(specifier)?.[1];
  return { ecosystem: 'pypi', name, version, basis: version === undefined ? 'required' : 'locked', hashes };
}

/** `git+https://…@commit#egg=name`, or a distribution whose file name gives its name and version. */
function fromAddress(
  given: string | undefined,
  url: string,
  hashes: Locked['hashes'] = [],
): Locked | undefined {
  const [, base = '', fragment = ''] = /^([^#]*)#?(.*)$/s.exec(url) ?? [];
  const fields = new Map(fragment.split('&').map((field) => pairOf(field)));
  const name = given ?? /^[A-Za-z0-9][\w.-]*/.exec(fields.get('egg') ?? '')?.[0];
  const [, kind, address = ''] = /^(git|hg|svn|bzr)\+(.*)$/is.exec(base) ?? [];
  if (kind !== undefined) {
    if (name === undefined) return undefined;
    const [, repository, revision] = /^([a-z]+:\/\/(?:[^/@]*@)?[^@]*)(?:@(.*))?$/is.exec(address) ?? [];
    const fixed = revision !== undefined && /^[0-9a-f]{40}$/.test(revision);
    const source = vcsSource(kind.toLowerCase(), repository, revision);
    return { ecosystem: 'pypi', name, basis: fixed ? 'locked' : 'required', hashes, ...source };
  }
  const [, wheel, version] =
    /^([^-]+)-([^-]+)-.*\.whl$/.exec(nameOf(decoded(base.split('?')[0] ?? ''))) ?? [];
  const own = name ?? wheel;
  if (own === undefined) return undefined;
  const isOwn = wheel !== undefined && pypiName(wheel) === pypiName(own);
  const all = [...hashes, ...[...fields].flatMap(([key, hex]) => digestOf(`${key}:${hex}`))];
  return {
    ecosystem: 'pypi',
    name: own,
    version: isOwn ? version : undefined,
    basis: isOwn ? 'locked' : 'required',
    hashes: all,
    references: distributionReference(base, all),
  };
}

function pairOf(field: string): [string, string] {
  const [key = '', value = ''] = field.split('=', 2);
  return [key, value];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
