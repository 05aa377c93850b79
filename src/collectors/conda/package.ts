import { nothing, type Collected } from '../../core/collector.ts';
import { isHexOf, type Digest } from '../../core/digest.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Reference, Relation } from '../../core/fact.ts';
import { parseJsonObject, type JsonObject } from '../../core/json.ts';
import { textAt, textsAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf } from '../../core/path.ts';
import { packagePurl } from '../../core/package-purl.ts';
import { readAll } from '../../formats/read-all.ts';
import { aiAttributes } from '../ai-attributes.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { licenseClaim } from '../license-claim.ts';
import { repositoryUrl } from '../repository-url.ts';
import { channelName } from './channel.ts';
import { condaFiles } from './files.ts';

/** One installed package, as conda's record of it says. */
export async function collectCondaPackage(entry: Entry): Promise<Collected> {
  const bytes = await readAll(entry, limits.repositoryFileBytes, entry.path);
  const record = parseJsonObject(bytes, { subject: entry.path });
  const name = textAt(record, 'name');
  const version = textAt(record, 'version');
  if (name === undefined || version === undefined || name.length > 255) {
    throw new MlbomError('E_MALFORMED', `${entry.path}: names no package and version`, {
      subject: entry.path,
      rule: 'conda-record',
    });
  }
  const key = `conda:${entry.path}`;
  const observed = attributesFrom(entry.path, 'conda', 'observed');
  observed.add('mlbom:package:basis', entry.container === undefined ? 'installed' : 'packed');
  observed.add('mlbom:package:location', entry.path);
  const declared = attributesFrom(entry.path, 'conda');
  const channel = channelName(textAt(record, 'channel') ?? textAt(record, 'url') ?? '');
  declared.add('name', name, '/name');
  declared.add('version', version, '/version');
  declared.add('purl', purlOf(record, { name, version, channel }), '/name');
  const license = textAt(record, 'license');
  declared.add('license', license === undefined ? undefined : licenseClaim(license, undefined), '/license');
  declared.add('references', referencesOf(record), '/url');
  declared.add('mlbom:package:installer', 'conda');
  for (const [label, value] of [
    ['channel', channel],
    ['build', textAt(record, 'build')],
    ['requested', textAt(record, 'requested_spec') === undefined ? undefined : 'true'],
  ]) {
    if (value !== undefined && value.length <= limits.provenanceText)
      declared.add('mlbom:package:header', `${label}=${value}`, `/${label}`);
  }
  const ai = aiAttributes(entry.path, 'conda', 'conda', name);
  const facts = [
    {
      about: { kind: 'component', key, path: entry.container ?? entry.path },
      type: ai.type,
      attributes: [...observed.list, ...declared.list, ...ai.attributes],
      relations: dependencies(record, declared),
    },
  ] as const;
  if (entry.container !== undefined) return { ...nothing, facts };
  const prefix = directoryOf(directoryOf(entry.path));
  const list = { component: key, path: entry.path, files: condaFiles(record, prefix, entry.path), owns: [] };
  return { ...nothing, facts, lists: [list] };
}

/** purl-spec's type `conda`: the build, the channel, the platform and the kind of archive are qualifiers. */
function purlOf(
  record: JsonObject,
  { name, version, channel }: { name: string; version: string; channel: string | undefined },
): string | undefined {
  const file = textAt(record, 'fn') ?? textAt(record, 'url') ?? '';
  const type = file.endsWith('.conda') ? 'conda' : file.endsWith('.tar.bz2') ? 'tar.bz2' : undefined;
  const qualifiers = { build: textAt(record, 'build'), channel, subdir: textAt(record, 'subdir'), type };
  return packagePurl('conda', { name, version, qualifiers });
}

function referencesOf(record: JsonObject): Reference[] {
  const url = repositoryUrl(textAt(record, 'url') ?? '');
  if (url === undefined) return [];
  const hashes = (['sha256', 'md5'] as const).flatMap((algorithm): Digest[] => {
    const hex = textAt(record, algorithm)?.toLowerCase() ?? '';
    return isHexOf(algorithm, hex) ? [{ algorithm, hex }] : [];
  });
  return [{ type: 'distribution', url, ...(hashes.length === 0 ? {} : { hashes }) }];
}

/** `depends` are match specifications, `numpy >=1.26,<3`; names that begin with `__` are conda's virtual packages. */
function dependencies(record: JsonObject, attributes: AttributeList): Relation[] {
  const evidence = attributes.evidence('/depends');
  const names = textsAt(valueAt(record), 'depends').flatMap((spec) => /^[\w.-]{1,255}/.exec(spec)?.[0] ?? []);
  return [...new Set(names)].flatMap((name): Relation[] => {
    const purl = name.startsWith('__') ? undefined : packagePurl('conda', { name });
    return purl === undefined ? [] : [{ type: 'depends-on', to: { name, purl }, evidence }];
  });
}
