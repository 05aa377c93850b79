import type { Fact, Relation } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { packagePurl } from '../../core/package-purl.ts';
import { shortened } from '../../core/shortened.ts';
import type { Stanza } from '../../formats/deb822.ts';
import { aiAttributes } from '../ai-attributes.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { packageMaintainer } from '../package-maintainer.ts';
import { repositoryUrl } from '../repository-url.ts';
import { dpkgKey, type DpkgPlace } from './place.ts';

/** States in which a package's files are there (dpkg(1), "Package states"). */
const present = new Set(['installed', 'unpacked', 'half-configured', 'triggers-awaited', 'triggers-pending']);

/** A package that is there: parts of images say nothing of states, as nothing can be removed from them. */
export function isPresent(stanza: Stanza): boolean {
  const status = stanza.get('status');
  return status === undefined || present.has(status.split(/\s+/)[2] ?? '');
}

export function isNamed(stanza: Stanza): boolean {
  const name = stanza.get('package') ?? '';
  const version = stanza.get('version') ?? '';
  return /^[A-Za-z0-9][\w.+-]{0,254}$/.test(name) && version !== '' && version.length <= limits.versionText;
}

/** Whom the packages come from: purl-spec wants a vendor, which the database does not name. */
export function vendorOf(stanzas: readonly Stanza[]): 'debian' | 'ubuntu' {
  const isUbuntu = stanzas.some(
    (stanza) =>
      stanza.get('origin') === 'Ubuntu' || (stanza.get('maintainer') ?? '').includes('@lists.ubuntu.com>'),
  );
  return isUbuntu ? 'ubuntu' : 'debian';
}

/** Packages by the names that dependencies know them by: their own, and those that they provide. */
export type Providers = ReadonlyMap<string, readonly Stanza[]>;

export function providersOf(stanzas: readonly Stanza[]): Providers {
  const providers = new Map<string, Stanza[]>();
  for (const stanza of stanzas) {
    for (const name of new Set([stanza.get('package') ?? '', ...namesIn(stanza.get('provides')).flat()])) {
      const known = providers.get(name);
      if (known) known.push(stanza);
      else providers.set(name, [stanza]);
    }
  }
  return providers;
}

/** One package. Where `providers` are all that are installed, its dependencies are among them; else any it names. */
export function packageFact(
  stanza: Stanza,
  place: DpkgPlace,
  path: string,
  vendor: string,
  providers?: Providers,
): Fact {
  const name = stanza.get('package') ?? '';
  const observed = attributesFrom(path, 'dpkg', 'observed');
  observed.add('mlbom:package:basis', 'installed');
  observed.add('mlbom:package:location', path);
  const declared = attributesFrom(path, 'dpkg');
  const homepage = repositoryUrl(stanza.get('homepage') ?? '');
  declared.add('name', name, 'Package');
  declared.add('version', stanza.get('version'), 'Version');
  declared.add('purl', purlOf(stanza, vendor, true), 'Package');
  declared.add('description', stanza.get('description')?.split('\n')[0], 'Description');
  declared.add('supplier', packageMaintainer(stanza.get('maintainer')), 'Maintainer');
  declared.add('references', homepage === undefined ? [] : [{ type: 'website', url: homepage }], 'Homepage');
  declared.add('mlbom:package:installer', 'dpkg');
  const source = stanza.get('source');
  if (source !== undefined)
    declared.add('mlbom:package:header', `source=${shortened(source, limits.provenanceText)}`, 'Source');
  const ai = aiAttributes(path, 'dpkg', 'deb', name);
  return {
    about: { kind: 'component', key: dpkgKey(place.root, ownerOf(stanza, place)), path },
    type: ai.type,
    attributes: [...observed.list, ...declared.list, ...ai.attributes],
    relations: dependencies(stanza, vendor, declared, providers),
  };
}

/** dpkg adds the architecture to the names of a package's files where several may be installed together. */
function ownerOf(stanza: Stanza, place: DpkgPlace): string {
  if (place.kind === 'part') return place.owner;
  const name = stanza.get('package') ?? '';
  const arch = stanza.get('architecture');
  return stanza.get('multi-arch') === 'same' && arch !== undefined ? `${name}:${arch}` : name;
}

function purlOf(stanza: Stanza, vendor: string, withVersion: boolean): string | undefined {
  return packagePurl('deb', {
    namespace: vendor,
    name: stanza.get('package') ?? '',
    version: withVersion ? stanza.get('version') : undefined,
    qualifiers: { arch: stanza.get('architecture') },
  });
}

function dependencies(
  stanza: Stanza,
  vendor: string,
  attributes: AttributeList,
  providers: Providers | undefined,
): Relation[] {
  const evidence = attributes.evidence('Depends');
  const targets = new Map<string, Relation>();
  for (const alternatives of namesIn(`${stanza.get('pre-depends') ?? ''},${stanza.get('depends') ?? ''}`)) {
    for (const name of alternatives) {
      const found = providers
        ? (providers.get(name) ?? []).slice(0, mostProviders)
        : [new Map([['package', name]])];
      for (const provider of found) {
        const purl = purlOf(provider, vendor, false);
        const to = { name: provider.get('package') ?? name, ...(purl === undefined ? {} : { purl }) };
        if (purl !== undefined && provider !== stanza)
          targets.set(purl, { type: 'depends-on', to, evidence });
      }
    }
    if (targets.size > mostDependencies) break;
  }
  return [...targets.values()];
}

/** Fonts and editors are provided by dozens of packages, each of which is one. */
const mostProviders = 16;
const mostDependencies = 10_000;

/** `a (>= 1), b | c:any` as names in groups of alternatives. */
function namesIn(list = ''): string[][] {
  return list
    .split(',')
    .map((group) =>
      group.split('|').flatMap((each) => /^\s*([A-Za-z0-9][\w.+-]{0,254})/.exec(each)?.[1] ?? []),
    );
}
