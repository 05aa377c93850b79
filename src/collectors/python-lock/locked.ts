import { isHexOf, type Digest, type DigestAlgorithm } from '../../core/digest.ts';
import type { Collected } from '../../core/collector.ts';
import type { Fact, Reference, Relation } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { MlbomError } from '../../core/errors.ts';
import { packagePurl, pypiName, pypiPurl } from '../../core/package-purl.ts';
import { contradiction, type Problem } from '../../core/problem.ts';
import { aiAttributes } from '../ai-attributes.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { repositoryUrl } from '../repository-url.ts';

/** A package that a lockfile or a list of requirements names. */
export interface Locked {
  readonly ecosystem: 'pypi' | 'conda';
  readonly name: string;
  readonly version?: string | undefined;
  readonly basis: 'locked' | 'required';
  /** Any of these is its distribution. */
  readonly hashes?: readonly Digest[];
  readonly references?: readonly Reference[];
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
  /** Names of packages of the same ecosystem. */
  readonly needs?: readonly string[];
}

/** What a list says besides its packages. */
export interface LockFile {
  /** `uv.lock`, `requirements.txt`: what kind of list it is. */
  readonly format: string;
  readonly version?: string | undefined;
  readonly headers?: readonly string[];
  readonly problems?: readonly Problem[];
}

const by = 'python-lock';

/** One fact for each package, however often the list names it, and one for the list itself. */
export function lockedFacts(path: string, file: LockFile, packages: Iterable<Locked>): Collected {
  const byPurl = new Map<string, Locked[]>();
  let unnamed = 0;
  let count = 0;
  for (const each of packages) {
    if (++count > limits.packagesPerFile)
      throw new MlbomError('E_LIMIT', `${path}: too many packages`, { subject: path, rule: 'packages' });
    const purl = isName(each.name) ? purlOf(each) : undefined;
    if (purl === undefined) {
      unnamed++;
      continue;
    }
    const known = byPurl.get(purl);
    if (known) known.push(each);
    else byPurl.set(purl, [each]);
  }
  const problems = [...(file.problems ?? [])];
  if (unnamed > 0) problems.push(contradiction('lock-name', path, `${unnamed} entries that name no package`));
  return {
    facts: [listFact(path, file), ...[...byPurl].map(([purl, same]) => packageFact(path, purl, same))],
    problems,
    findings: [],
  };
}

function listFact(path: string, { format, version, headers = [] }: LockFile): Fact {
  const attributes = attributesFrom(path, by);
  attributes.add('mlbom:file:format', format);
  attributes.add('mlbom:file:format-version', version);
  for (const header of headers) attributes.add('mlbom:file:header', header);
  return fileFact(path, [attributes]);
}

function packageFact(path: string, purl: string, same: readonly Locked[]): Fact {
  const [first] = same as [Locked];
  const attributes = attributesFrom(path, by);
  attributes.add('name', first.name);
  attributes.add('version', first.version);
  attributes.add('purl', purl);
  attributes.add('mlbom:package:basis', first.basis);
  const hashes = same.flatMap((each) => each.hashes ?? []).map(({ algorithm, hex }) => `${algorithm}:${hex}`);
  for (const hash of new Set(hashes)) attributes.add('mlbom:package:hash', hash);
  attributes.add('references', distinct(same.flatMap((each) => each.references ?? [])));
  const ai = aiAttributes(path, by, first.ecosystem, first.name);
  return {
    about: { kind: 'component', key: purl },
    type: ai.type,
    attributes: [...attributes.list, ...ai.attributes],
    relations: needed(same, attributes.evidence()),
  };
}

function needed(same: readonly Locked[], evidence: Relation['evidence']): Relation[] {
  const [{ ecosystem }] = same as [Locked];
  const names = same.flatMap((each) => each.needs ?? []).filter(isName);
  const normal = names.map((name) => (ecosystem === 'pypi' ? pypiName(name) : name));
  return [...new Set(normal)].flatMap((name): Relation[] => {
    const purl = packagePurl(ecosystem, { name });
    return purl === undefined ? [] : [{ type: 'depends-on', to: { name, purl }, evidence }];
  });
}

function purlOf({ ecosystem, name, version, qualifiers }: Locked): string | undefined {
  if (version !== undefined && version.length > limits.versionText) return undefined;
  return ecosystem === 'pypi'
    ? pypiPurl(name, version, qualifiers)
    : packagePurl('conda', { name, version, qualifiers });
}

/** PyPA "Names and normalization"; conda's are of the same characters, and may begin with a line. */
function isName(name: string): boolean {
  return /^[A-Za-z0-9_][\w.-]{0,254}$/.test(name);
}

function distinct(references: readonly Reference[]): Reference[] {
  return [...new Map(references.map((reference) => [JSON.stringify(reference), reference])).values()];
}

const algorithms: readonly DigestAlgorithm[] = ['sha256', 'sha384', 'sha512', 'sha1', 'md5'];

/** A digest as lists write it, `sha256:hex` or `sha256=hex`; nothing for other algorithms. */
export function digestOf(text: unknown): Digest[] {
  if (typeof text !== 'string') return [];
  const [, name, hex = ''] = /^(\w{1,16})[:=]([0-9a-fA-F]{1,128})$/.exec(text) ?? [];
  const algorithm = algorithms.find((each) => each === name);
  return algorithm !== undefined && isHexOf(algorithm, hex.toLowerCase())
    ? [{ algorithm, hex: hex.toLowerCase() }]
    : [];
}

/** Where a package comes from when that is not PyPI. */
export function indexReference(url: string | undefined): Reference[] {
  const index = repositoryUrl(url ?? '');
  if (
    index === undefined ||
    /^https?:\/\/(?:pypi\.org|pypi\.python\.org|files\.pythonhosted\.org)(?:\/|$)/i.test(index)
  )
    return [];
  return [{ type: 'distribution', url: index, comment: 'package index' }];
}

/** A distribution at an address of its own. */
export function distributionReference(url: string | undefined, hashes: readonly Digest[]): Reference[] {
  const address = repositoryUrl(url ?? '');
  if (address === undefined) return [];
  return [{ type: 'distribution', url: address, ...(hashes.length === 0 ? {} : { hashes }) }];
}

/** A commit of a repository: the purl's qualifier, and the address. */
export function vcsSource(
  kind: string,
  url: string | undefined,
  commit: string | undefined,
): { references: Reference[]; qualifiers: Record<string, string | undefined> } {
  const address = repositoryUrl(url ?? '');
  if (address === undefined) return { references: [], qualifiers: {} };
  const revision = commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit) ? `@${commit}` : '';
  return {
    references: [{ type: 'vcs', url: address }],
    qualifiers: { vcs_url: `${kind}+${address}${revision}` },
  };
}
