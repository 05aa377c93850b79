import { nothing, type Collected } from '../../core/collector.ts';
import type { Digest } from '../../core/digest.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Fact, Reference, Relation } from '../../core/fact.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { contradiction } from '../../core/problem.ts';
import { aiAttributes } from '../ai-attributes.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { readJsonFile } from '../json-file.ts';
import { licenseClaim } from '../license-claim.ts';
import { repositoryUrl } from '../repository-url.ts';
import { npmPurl } from './npm-purl.ts';

interface Locked {
  readonly path: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly value: JsonObject;
}

/** `package-lock.json` of npm 7 and later (docs.npmjs.com/cli/configuring-npm/package-lock-json). */
export async function collectLock(entry: Entry): Promise<Collected> {
  const { path } = entry;
  const lock = await readJsonFile(entry, limits.lockfileBytes);
  const members = valueAt(lock, 'packages');
  if (!isObject(members)) {
    const why = 'a lockfile without `packages`, as npm wrote it before version 7';
    throw new MlbomError('E_UNSUPPORTED', `${path}: ${why}`, { subject: path, rule: 'npm-lock-version' });
  }
  const all = Object.entries(members);
  if (all.length > limits.packagesPerFile)
    throw new MlbomError('E_LIMIT', `${path}: too many packages`, { subject: path, rule: 'packages' });
  const packages = new Map(
    all.flatMap(([at, value]) => lockedAt(at, value)).map((each) => [each.path, each]),
  );
  const byPurl = new Map<string, Locked[]>();
  let unnamed = 0;
  for (const each of packages.values()) {
    const purl = npmPurl(each.name, each.version);
    const same = purl === undefined ? undefined : byPurl.get(purl);
    if (purl === undefined) unnamed++;
    else if (same) same.push(each);
    else byPurl.set(purl, [each]);
  }
  const reason = `${unnamed} entries that name no package`;
  return {
    ...nothing,
    facts: [
      lockFact(path, lock),
      ...[...byPurl].map(([purl, same]) => packageFact(path, purl, same, packages)),
    ],
    problems: unnamed === 0 ? [] : [contradiction('lock-name', path, reason)],
  };
}

/** The root, links and directories of a workspace are projects of its own. An alias has its real name beside it. */
function lockedAt(path: string, value: unknown): Locked[] {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (!path.includes('node_modules/') || !isObject(value) || valueAt(value, 'link') === true) return [];
  return [{ path, name: textAt(value, 'name') ?? name, version: textAt(value, 'version'), value }];
}

function lockFact(path: string, lock: JsonObject): Fact {
  const attributes = attributesFrom(path, 'npm');
  const version = valueAt(lock, 'lockfileVersion');
  attributes.add('mlbom:file:format', 'package-lock.json');
  attributes.add('mlbom:file:format-version', typeof version === 'number' ? String(version) : undefined);
  return fileFact(path, [attributes]);
}

function packageFact(
  path: string,
  purl: string,
  same: readonly Locked[],
  packages: ReadonlyMap<string, Locked>,
): Fact {
  const [first] = same as [Locked];
  const attributes = attributesFrom(path, 'npm');
  const license = textAt(first.value, 'license');
  attributes.add('name', first.name);
  attributes.add('version', first.version);
  attributes.add('purl', purl);
  attributes.add('license', license === undefined ? undefined : licenseClaim(license, undefined));
  attributes.add('mlbom:package:basis', 'locked');
  const hashes = same.flatMap(({ value }) => hashesOf(textAt(value, 'integrity')));
  for (const hash of new Set(hashes.map(({ algorithm, hex }) => `${algorithm}:${hex}`)))
    attributes.add('mlbom:package:hash', hash);
  attributes.add('references', sourceOf(first.value));
  const ai = aiAttributes(path, 'npm', 'npm', first.name);
  const evidence = attributes.evidence();
  const targets = new Map(
    same.flatMap((each) => needs(each, packages)).map((to) => [JSON.stringify(to), to]),
  );
  return {
    about: { kind: 'component', key: purl },
    type: ai.type,
    attributes: [...attributes.list, ...ai.attributes],
    relations: [...targets.values()].map((to): Relation => ({ type: 'depends-on', to, evidence })),
  };
}

/** Subresource integrity: digests in base64 with spaces between them. */
function hashesOf(integrity = ''): Digest[] {
  return integrity.split(/\s+/, 8).flatMap((each): Digest[] => {
    const [, name, text = ''] =
      /^(sha(?:1|256|384|512))-([A-Za-z0-9+/]{1,88}={0,2})(?:\?|$)/.exec(each) ?? [];
    const bytes = Buffer.from(text, 'base64');
    const algorithm = algorithms.find(([known]) => known === name);
    return algorithm?.[1] === bytes.length ? [{ algorithm: algorithm[0], hex: bytes.toString('hex') }] : [];
  });
}

const algorithms = [
  ['sha1', 20],
  ['sha256', 32],
  ['sha384', 48],
  ['sha512', 64],
] as const;

/** Where it comes from when that is not npm's own registry. */
function sourceOf(value: JsonObject): Reference[] {
  const resolved = textAt(value, 'resolved') ?? '';
  if (resolved.startsWith('file:') || resolved.startsWith('https://registry.npmjs.org/')) return [];
  const url = repositoryUrl(resolved);
  if (url === undefined) return [];
  return [{ type: resolved.startsWith('git') ? 'vcs' : 'distribution', url }];
}

/** Node looks for a package in its own `node_modules`, then in those of the directories above. */
function needs(
  each: Locked,
  packages: ReadonlyMap<string, Locked>,
): { name: string; version?: string; purl: string }[] {
  const names = ['dependencies', 'optionalDependencies'].flatMap((field) => {
    const found = valueAt(each.value, field);
    return isObject(found) ? Object.keys(found) : [];
  });
  const places = placesAbove(each.path);
  return [...new Set(names)].flatMap((name) => {
    const found = places.map((place) => packages.get(`${place}node_modules/${name}`)).find(Boolean);
    const purl = found && npmPurl(found.name);
    if (!found || purl === undefined) return [];
    return [{ name: found.name, purl, ...(found.version === undefined ? {} : { version: found.version }) }];
  });
}

/** `a/node_modules/b` gives `a/node_modules/b/`, `a/` and the root. */
function placesAbove(path: string): string[] {
  const places = [`${path}/`];
  for (let at = path.lastIndexOf('node_modules/'); at >= 0 && places.length < deepest;) {
    places.push(path.slice(0, at));
    at = at === 0 ? -1 : path.lastIndexOf('node_modules/', at - 1);
  }
  return places[places.length - 1] === '' ? places : [...places, ''];
}

/** Packages inside packages; real trees are about ten deep. */
const deepest = 64;
