import type { Fact, Relation } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { packagePurl } from '../../core/package-purl.ts';
import { shortened } from '../../core/shortened.ts';
import { aiAttributes } from '../ai-attributes.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { licenseClaim } from '../license-claim.ts';
import { packageMaintainer } from '../package-maintainer.ts';
import { repositoryUrl } from '../repository-url.ts';
import type { ApkRecord } from './records.ts';

/** Whom the packages come from, by the package that makes a root directory of each. */
export function vendorOf(records: readonly ApkRecord[]): string {
  const vendors = ['wolfi', 'chainguard', 'postmarketos', 'alpine'];
  const layouts = new Set(records.map(({ name }) => name));
  return vendors.find((vendor) => layouts.has(`${vendor}-baselayout`)) ?? 'alpine';
}

/** Packages by the names that dependencies know them by: their own, and `so:libc.musl-x86_64.so.1` and its like. */
export function providersOf(records: readonly ApkRecord[]): ReadonlyMap<string, ApkRecord> {
  const providers = new Map<string, ApkRecord>();
  for (const record of records) {
    for (const name of wordsOf(record.fields.get('p'))) if (!providers.has(name)) providers.set(name, record);
  }
  for (const record of records) providers.set(record.name, record);
  return providers;
}

export function packageFact(
  record: ApkRecord,
  key: string,
  path: string,
  vendor: string,
  providers: ReadonlyMap<string, ApkRecord>,
): Fact {
  const { name, version, fields } = record;
  const observed = attributesFrom(path, 'apk', 'observed');
  observed.add('mlbom:package:basis', 'installed');
  observed.add('mlbom:package:location', path);
  const declared = attributesFrom(path, 'apk');
  const license = fields.get('L');
  const url = repositoryUrl(fields.get('U') ?? '');
  declared.add('name', name, 'P');
  declared.add('version', version, 'V');
  declared.add('purl', purlOf(record, vendor, version), 'P');
  declared.add('description', fields.get('T'), 'T');
  declared.add('license', license ? licenseClaim(license, undefined) : undefined, 'L');
  declared.add('supplier', packageMaintainer(fields.get('m')), 'm');
  declared.add('references', url === undefined ? [] : [{ type: 'website', url }], 'U');
  declared.add('mlbom:package:installer', 'apk');
  for (const [label, letter] of [
    ['source', 'o'],
    ['commit', 'c'],
  ] as const) {
    const value = fields.get(letter);
    if (value)
      declared.add('mlbom:package:header', `${label}=${shortened(value, limits.provenanceText)}`, letter);
  }
  const ai = aiAttributes(path, 'apk', 'apk', name);
  return {
    about: { kind: 'component', key, path },
    type: ai.type,
    attributes: [...observed.list, ...declared.list, ...ai.attributes],
    relations: dependencies(record, vendor, providers, declared),
  };
}

function purlOf({ name, fields }: ApkRecord, vendor: string, version?: string): string | undefined {
  return packagePurl('apk', { namespace: vendor, name, version, qualifiers: { arch: fields.get('A') } });
}

function dependencies(
  record: ApkRecord,
  vendor: string,
  providers: ReadonlyMap<string, ApkRecord>,
  attributes: AttributeList,
): Relation[] {
  const needed = new Set(wordsOf(record.fields.get('D')).flatMap((name) => providers.get(name) ?? []));
  needed.delete(record);
  const evidence = attributes.evidence('D');
  return [...needed].flatMap((other): Relation[] => {
    const purl = purlOf(other, vendor);
    return purl === undefined ? [] : [{ type: 'depends-on', to: { name: other.name, purl }, evidence }];
  });
}

/** `so:libssl.so.3=3.1.4 musl>=1.2 !busybox` without versions, and without what must not be there. */
function wordsOf(list = ''): string[] {
  return list
    .split(' ')
    .filter((word) => word !== '' && !word.startsWith('!'))
    .map((word) => word.replace(/[<>=~].*$/s, ''));
}
