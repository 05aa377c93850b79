import { nothing, type Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import type { Fact, Relation } from '../../core/fact.ts';
import type { FileList } from '../../core/file-list.ts';
import { limits } from '../../core/limits.ts';
import { contradiction, incomplete, type Problem } from '../../core/problem.ts';
import { shortened } from '../../core/shortened.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';
import { readRpmHeader, type RpmHeader } from '../../formats/rpm/read-rpm-header.ts';
import { readSqlite } from '../../formats/sqlite/read-sqlite.ts';
import { aiAttributes } from '../ai-attributes.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { licenseClaim } from '../license-claim.ts';
import { repositoryUrl } from '../repository-url.ts';
import { filesOf } from './files.ts';
import { isRpmName, mostCommonVendor, rpmPurl, vendorOf, type RpmPackage } from './package.ts';
import { rpmTags } from './tags.ts';

interface Installed extends RpmPackage {
  readonly summary: string | undefined;
  readonly license: string | undefined;
  readonly url: string | undefined;
  readonly vendorName: string | undefined;
  readonly sourceRpm: string | undefined;
  readonly provides: readonly string[];
  readonly requires: readonly string[];
}

/** The packages of `rpmdb.sqlite`: one header in each row of the table `Packages`. */
export async function collectDatabase(entry: Entry, root: string, signal?: AbortSignal): Promise<Collected> {
  const database = await readSqlite(entry);
  const table = database.tables.find(({ name }) => name === 'Packages');
  if (!table)
    throw new MlbomError('E_MALFORMED', 'rpm: a database without packages', { rule: 'rpm-database' });
  const installed: Installed[] = [];
  const lists: FileList[] = [];
  const problems: Problem[] = [];
  let unread = 0;
  for await (const row of table.rows()) {
    throwIfAborted(signal);
    if (installed.length >= limits.packagesPerFile)
      throw new MlbomError('E_LIMIT', 'rpm: too many packages', { rule: 'packages' });
    const blob = row.get('blob');
    const header = blob instanceof Uint8Array ? headerOf(blob) : undefined;
    const found = header && packageOf(header);
    if (!header || !found) {
      unread++;
      continue;
    }
    // Keys that were imported for checking signatures are kept like packages.
    if (found.name === 'gpg-pubkey') continue;
    installed.push(found);
    const files = filesOf(header, root);
    if (files.length > 0) lists.push({ component: keyOf(found, root), path: entry.path, files, owns: [] });
  }
  if (unread > 0) problems.push(contradiction('rpm-header', entry.path, `${unread} packages cannot be read`));
  return { ...nothing, facts: factsOf(installed, entry, root), lists, problems };
}

/** What was not yet moved into the database itself. */
export function unreadChanges(entry: Entry): Collected {
  if (entry.size === 0) return nothing;
  const reason = 'changes to the rpm database that are not in it yet; they are not read';
  return { ...nothing, problems: [incomplete('rpm-wal', entry.path, reason)] };
}

function headerOf(blob: Uint8Array): RpmHeader | undefined {
  try {
    return readRpmHeader(blob);
  } catch (error) {
    if (isMlbomError(error)) return undefined;
    throw error;
  }
}

function packageOf(header: RpmHeader): Installed | undefined {
  const text = (tag: number) => header.text(tag);
  const [name, version, release] = [text(rpmTags.name), text(rpmTags.version), text(rpmTags.release)];
  if (!isRpmName(name) || !version || !release) return undefined;
  if (version.length + release.length >= limits.versionText) return undefined;
  const full = `${version}-${release}`;
  const vendorName = text(rpmTags.vendor);
  const vendor = vendorOf(vendorName, full);
  const [epoch] = header.numbers(rpmTags.epoch);
  const arch = text(rpmTags.arch);
  return {
    name,
    version: full,
    ...(epoch === undefined ? {} : { epoch }),
    ...(arch === undefined ? {} : { arch }),
    ...(vendor === undefined ? {} : { vendor }),
    summary: text(rpmTags.summary),
    license: text(rpmTags.license),
    url: text(rpmTags.url),
    vendorName,
    sourceRpm: text(rpmTags.sourceRpm),
    provides: header.texts(rpmTags.provideNames),
    requires: header.texts(rpmTags.requireNames),
  };
}

/** Several versions of one package may be installed together: kernels are. */
function keyOf({ name, version, arch }: RpmPackage, root: string): string {
  return `rpm:${root}:${name}-${version}.${arch ?? ''}`;
}

function factsOf(installed: readonly Installed[], { path }: Entry, root: string): Fact[] {
  const common = mostCommonVendor(installed);
  const providers = new Map<string, Installed>();
  for (const each of installed) for (const name of each.provides) providers.set(name, each);
  for (const each of installed) providers.set(each.name, each);
  return installed.map((each): Fact => {
    const observed = attributesFrom(path, 'rpm', 'observed');
    observed.add('mlbom:package:basis', 'installed');
    observed.add('mlbom:package:location', path);
    const declared = attributesFrom(path, 'rpm');
    const url = repositoryUrl(each.url ?? '');
    declared.add('name', each.name, 'Name');
    declared.add('version', each.version, 'Version');
    declared.add('purl', rpmPurl(each, common), 'Name');
    declared.add('description', each.summary, 'Summary');
    declared.add('license', each.license ? licenseClaim(each.license, undefined) : undefined, 'License');
    declared.add('supplier', each.vendorName ? { name: each.vendorName } : undefined, 'Vendor');
    declared.add('references', url === undefined ? [] : [{ type: 'website', url }], 'URL');
    declared.add('mlbom:package:installer', 'rpm');
    if (each.sourceRpm)
      declared.add(
        'mlbom:package:header',
        `source=${shortened(each.sourceRpm, limits.provenanceText)}`,
        'SourceRpm',
      );
    const ai = aiAttributes(path, 'rpm', 'rpm', each.name);
    return {
      about: { kind: 'component', key: keyOf(each, root), path },
      type: ai.type,
      attributes: [...observed.list, ...declared.list, ...ai.attributes],
      relations: dependencies(each, providers, common, declared),
    };
  });
}

/** What it requires are names that packages provide: their own, `libc.so.6()(64bit)`, `/bin/sh`. */
function dependencies(
  each: Installed,
  providers: ReadonlyMap<string, Installed>,
  common: string | undefined,
  attributes: AttributeList,
): Relation[] {
  const needed = new Set(each.requires.flatMap((name) => providers.get(name) ?? []));
  needed.delete(each);
  const evidence = attributes.evidence('Requires');
  return [...needed].flatMap((other): Relation[] => {
    const purl = rpmPurl(other, common, false);
    return purl === undefined ? [] : [{ type: 'depends-on', to: { name: other.name, purl }, evidence }];
  });
}
