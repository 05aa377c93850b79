import { nothing, type Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import type { LicenseClaim, Reference, Relation } from '../../core/fact.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf } from '../../core/path.ts';
import { aiAttributes } from '../ai-attributes.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { readJsonFile } from '../json-file.ts';
import { licenseClaim } from '../license-claim.ts';
import { packageMaintainer } from '../package-maintainer.ts';
import { repositoryUrl } from '../repository-url.ts';
import { npmPurl } from './npm-purl.ts';

/** True for the file of a package itself: packages have others of this name inside, for their parts. */
export function isInstalledPackage(path: string): boolean {
  return /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path);
}

/** What `package.json` of an installed package says (docs.npmjs.com/cli/configuring-npm/package-json). */
export async function collectInstalled(entry: Entry): Promise<Collected> {
  const { path } = entry;
  const manifest = await readJsonFile(entry, limits.configBytes);
  const name = textAt(manifest, 'name');
  const version = textAt(manifest, 'version');
  const purl = name === undefined ? undefined : npmPurl(name, version);
  if (name === undefined || purl === undefined) {
    throw new MlbomError('E_MALFORMED', `${path}: names no package`, { subject: path, rule: 'npm-package' });
  }
  const directory = directoryOf(path);
  const observed = attributesFrom(path, 'npm', 'observed');
  observed.add('mlbom:package:basis', entry.container === undefined ? 'installed' : 'packed');
  observed.add('mlbom:package:location', directory);
  const declared = attributesFrom(path, 'npm');
  declared.add('name', name, '/name');
  declared.add('version', version, '/version');
  declared.add('purl', purl, '/name');
  declared.add('description', textAt(manifest, 'description'), '/description');
  declared.add('license', licenseOf(manifest), '/license');
  const author = textAt(manifest, 'author', 'name') ?? textAt(manifest, 'author');
  const party = packageMaintainer(author?.replace(/\s*\([^()]*\)\s*$/, ''));
  declared.add('authors', party === undefined ? [] : [party], '/author');
  declared.add('references', referencesOf(manifest), '/repository');
  const ai = aiAttributes(path, 'npm', 'npm', name);
  const fact = {
    about: { kind: 'component', key: `npm:${directory}`, path: entry.container ?? directory },
    type: ai.type,
    attributes: [...observed.list, ...declared.list, ...ai.attributes],
    relations: dependencies(manifest, declared),
  } as const;
  return { ...nothing, facts: [fact] };
}

/** Old packages have an object, or a list of them, of which any may be chosen. */
function licenseOf(manifest: JsonObject): LicenseClaim | undefined {
  const given = valueAt(manifest, 'license') ?? valueAt(manifest, 'licenses');
  const all = (Array.isArray(given) ? given : [given]).flatMap(
    (each) => textAt(each, 'type') ?? (typeof each === 'string' && each.trim() !== '' ? each : []),
  );
  const [only, ...others] = all;
  if (only === undefined || others.length > mostLicenses) return undefined;
  return licenseClaim(others.length === 0 ? only : `(${all.join(' OR ')})`, undefined);
}

const mostLicenses = 16;

function referencesOf(manifest: JsonObject): Reference[] {
  const repository = textAt(manifest, 'repository', 'url') ?? textAt(manifest, 'repository') ?? '';
  const hosted = /^(?:github:)?([\w.-]{1,100}\/[\w.-]{1,100})$/.exec(repository)?.[1];
  return (
    [
      ['website', textAt(manifest, 'homepage') ?? ''],
      ['vcs', hosted === undefined ? repository : `https://github.com/${hosted}`],
    ] as const
  ).flatMap(([type, text]) => {
    const url = repositoryUrl(text);
    return url === undefined ? [] : [{ type, url }];
  });
}

/** What it needs to run; whatever of it is optional is an edge where it is there. */
function dependencies(manifest: JsonObject, attributes: AttributeList): Relation[] {
  const evidence = attributes.evidence('/dependencies');
  const names = ['dependencies', 'optionalDependencies'].flatMap((field) => {
    const found = valueAt(manifest, field);
    return isObject(found) ? Object.keys(found) : [];
  });
  return [...new Set(names)].flatMap((name): Relation[] => {
    const purl = npmPurl(name);
    return purl === undefined ? [] : [{ type: 'depends-on', to: { name, purl }, evidence }];
  });
}
