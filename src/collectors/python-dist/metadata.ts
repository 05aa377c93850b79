import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Fact, Party, Relation } from '../../core/fact.ts';
import { pypiName, pypiPurl } from '../../core/package-purl.ts';
import { readPythonMetadata, type PythonMetadata } from '../../formats/python-metadata.ts';
import { aiAttributes } from '../ai-attributes.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { pythonLicense } from './license.ts';
import { aboutDistribution, placeOf } from './place.ts';
import { projectReferences } from './project-urls.ts';

/** What `METADATA` or `PKG-INFO` says of a distribution (PyPA "Core metadata"). */
export async function metadataFact(entry: Entry): Promise<Fact> {
  const metadata = await readPythonMetadata(entry, entry.path);
  const field = (key: string) => metadata.get(key)?.find((value) => value !== '' && value !== 'UNKNOWN');
  const name = nameOf(field('name'), entry.path);
  const place = placeOf(entry.path);
  const observed = attributesFrom(entry.path, 'python-dist', 'observed');
  observed.add('mlbom:package:basis', entry.container === undefined ? 'installed' : 'packed');
  observed.add('mlbom:package:location', place.path);
  const declared = attributesFrom(entry.path, 'python-dist');
  const version = field('version');
  declared.add('name', name, 'Name');
  declared.add('version', version, 'Version');
  declared.add('purl', pypiPurl(name, version), 'Name');
  declared.add('description', field('summary'), 'Summary');
  declared.add('license', pythonLicense(metadata), 'License');
  declared.add('authors', authorsOf(metadata), 'Author');
  declared.add('references', projectReferences(metadata), 'Project-URL');
  const python = field('requires-python');
  declared.add(
    'mlbom:package:header',
    python === undefined ? undefined : `requires-python=${python}`,
    'Requires-Python',
  );
  const ai = aiAttributes(entry.path, 'python-dist', 'pypi', name);
  return {
    about: aboutDistribution(place, entry),
    type: ai.type,
    attributes: [...observed.list, ...declared.list, ...ai.attributes],
    relations: requirements(metadata, declared),
  };
}

/** PyPA "Names and normalization", bounded by the longest file name. */
function nameOf(name: string | undefined, subject: string): string {
  if (name !== undefined && name.length <= 255 && /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(name))
    return name;
  throw new MlbomError('E_MALFORMED', `${subject}: has no name of a distribution`, {
    subject,
    rule: 'python-metadata-name',
  });
}

/** What it needs when none of its extras is asked for; on which platform is left to what is there. */
function requirements(metadata: PythonMetadata, attributes: AttributeList): Relation[] {
  const names = new Map<string, string>();
  for (const requirement of metadata.get('requires-dist') ?? []) {
    const [, name] = /^([A-Za-z0-9][\w.-]{0,254})/.exec(requirement) ?? [];
    const marker = requirement.slice(requirement.indexOf(';'));
    if (name === undefined || (marker.startsWith(';') && /\bextra\b/.test(marker))) continue;
    names.set(pypiName(name), name);
  }
  const evidence = attributes.evidence('Requires-Dist');
  return [...names].flatMap(([name]): Relation[] => {
    const purl = pypiPurl(name);
    return purl === undefined ? [] : [{ type: 'depends-on', to: { name, purl }, evidence }];
  });
}

/** `Author` is a name, `Author-email` a list of `Name <address>`; the maintainers where no author is named. */
function authorsOf(metadata: PythonMetadata): Party[] {
  for (const who of ['author', 'maintainer']) {
    const names = (metadata.get(who) ?? []).filter((name) => name !== '' && name !== 'UNKNOWN');
    const addressed = (metadata.get(`${who}-email`) ?? []).flatMap(parties);
    const [address] = addressed;
    const [name] = names;
    // Both fields speak of one person when each has one.
    if (name !== undefined && names.length === 1 && addressed.length === 1 && !address?.name)
      return [{ name, ...address }];
    const all = [...names.map((each) => ({ name: each })), ...addressed];
    if (all.length > 0) return all.slice(0, mostAuthors);
  }
  return [];
}

const mostAuthors = 64;

/** A list of addresses (RFC 5322 §3.4), as far as packages use it. */
function parties(list: string): Party[] {
  const parts = list.match(/(?:"[^"]*"|[^",])+/g) ?? [];
  return parts.flatMap((part): Party[] => {
    const text = part.trim();
    const opening = text.lastIndexOf('<');
    const isAddressed = opening >= 0 && text.endsWith('>');
    const email = isAddressed ? text.slice(opening + 1, -1) : text.includes('@') ? text : '';
    const name = (isAddressed ? text.slice(0, opening) : text.includes('@') ? '' : text)
      .trim()
      .replace(/^"(.*)"$/, '$1');
    if (name === '' && !isEmail(email)) return [];
    return [{ ...(name === '' ? {} : { name }), ...(isEmail(email) ? { email } : {}) }];
  });
}

function isEmail(text: string): boolean {
  return /^[^\s@<>()]{1,64}@[^\s@<>()]{1,255}$/.test(text);
}
