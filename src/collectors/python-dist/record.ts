import { nothing, type Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { ListedFile } from '../../core/file-list.ts';
import { pypiPurl } from '../../core/package-purl.ts';
import { readWheelRecord, type RecordEntry } from '../../formats/wheel-record.ts';
import { attributesFrom } from '../attributes.ts';
import { aboutDistribution, placeOf, type Place } from './place.ts';

/**
 * The files of a distribution as its installer wrote them down, and its name as its directory has it: a list whose
 * `METADATA` is gone is still that of a package. In an archive there is nothing to hold it against.
 */
export async function collectRecord(entry: Entry): Promise<Collected> {
  const place = placeOf(entry.path);
  const about = aboutDistribution(place, entry);
  const records = await readWheelRecord(entry, entry.path);
  const derived = attributesFrom(entry.path, 'python-dist', 'derived');
  derived.add('name', place.name, 'directory name');
  derived.add('version', place.version, 'directory name');
  derived.add('purl', purlOf(place), 'directory name');
  const observed = attributesFrom(entry.path, 'python-dist', 'observed');
  observed.add('mlbom:package:basis', entry.container === undefined ? 'installed' : 'packed');
  observed.add('mlbom:package:location', place.path);
  const facts = [
    { about, type: 'library', attributes: [...derived.list, ...observed.list], relations: [] },
  ] as const;
  if (entry.container !== undefined || about.kind !== 'component') return { ...nothing, facts };
  const files = listedFiles(records, place.site);
  const owns = ownDirectories(files, place);
  return {
    ...nothing,
    facts,
    lists: [{ component: about.key, path: entry.path, files, owns, site: place.site }],
  };
}

function purlOf({ name, version }: Place): string | undefined {
  return name === undefined ? undefined : pypiPurl(name, version);
}

/** Compiled modules without a digest come and go with the interpreter, and nothing could be said of them. */
function listedFiles(records: readonly RecordEntry[], site: string): ListedFile[] {
  const files: ListedFile[] = [];
  for (const { path, digest, size } of records) {
    if (digest === undefined && path.endsWith('.pyc')) continue;
    const within = installedPath(path, site);
    if (within === undefined) continue;
    files.push({
      path: within,
      ...(size === undefined ? {} : { size }),
      ...(digest === undefined ? {} : { digest }),
    });
  }
  return files;
}

/** A path of `RECORD` within the artifact; undefined for one that is absolute or leaves the artifact. */
function installedPath(path: string, site: string): string | undefined {
  if (path.startsWith('/') || path.includes('\0')) return undefined;
  // As the manifest writes a name that looks like an escaped one.
  const name = path.includes('%') ? path.replace(/%(?=[0-9A-Fa-f]{2})/g, '%25') : path;
  if (!/(?:^|\/)(?:\.{0,2}\/|\.{1,2}$)/.test(name)) return site === '.' ? name : `${site}/${name}`;
  const parts = site === '.' ? [] : site.split('/');
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/** The directories that it has in the site directory, which all packages share. */
function ownDirectories(files: readonly ListedFile[], { site, path: own }: Place): string[] {
  const start = site === '.' ? 0 : site.length + 1;
  const directories = new Set<string>();
  for (const { path } of files) {
    if (start > 0 && !path.startsWith(`${site}/`)) continue;
    const slash = path.indexOf('/', start);
    if (slash > 0) directories.add(path.slice(0, slash));
  }
  directories.delete(own);
  directories.delete(site === '.' ? '__pycache__' : `${site}/__pycache__`);
  return [...directories].sort();
}
