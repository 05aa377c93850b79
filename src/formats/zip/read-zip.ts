import type { ByteSource } from '../../core/entry.ts';
import { isMlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { ByteWindow } from '../byte-window.ts';
import { readDirectory, type DirectoryEntry } from './central-directory.ts';
import { findDirectoryEnds, type DirectoryEnd } from './directory-end.ts';
import { layOut, membersOf } from './lay-out.ts';
import { readLocalHeader } from './local-headers.ts';
import { anomalyLog, type AnomalyLog, type Zip, type ZipMember } from './zip-types.ts';

const known = new WeakMap<ByteSource, Promise<Zip>>();

/**
 * The members of a zip (APPNOTE 6.3.10), with everything about it over which readers disagree; nothing is unpacked.
 * An archive is read once for each source, however many ask.
 * @throws MlbomError `E_MALFORMED` (`zip-end`, `zip-directory`), `E_LIMIT` (`zip-members`), `E_UNREADABLE`
 */
export async function readZip(source: ByteSource): Promise<Zip> {
  const before = known.get(source);
  if (before) return before;
  const zip = read(source);
  known.set(source, zip);
  return zip;
}

async function read(source: ByteSource): Promise<Zip> {
  const log = anomalyLog();
  const [used, ...ends] = await findDirectoryEnds(source, log);
  if (!used) return { members: [], anomalies: [], counts: new Map(), prefix: 0 };
  const entries = await readDirectory(source, used, log);
  const { members, prefix } = await layOut(source, entries, used.start, log);
  const more = await otherMembers(source, used, ends, members, log);
  const all = [...members, ...more];
  reportDuplicates(all, log);
  return { members: all, anomalies: log.list, counts: log.counts, prefix };
}

/** Members that only another directory lists: one that an earlier end record describes, or the offset instead of the size. */
async function otherMembers(
  source: ByteSource,
  used: DirectoryEnd,
  ends: readonly DirectoryEnd[],
  members: readonly ZipMember[],
  log: AnomalyLog,
): Promise<ZipMember[]> {
  const others = ends.filter((end) => !isInside(end.at, members));
  const places = used.other === undefined ? others : [...others, { ...used, start: used.other, base: 0 }];
  const seen = new Set(members.map(keyOf));
  const window = new ByteWindow(source, { format: 'zip' });
  const found: ZipMember[] = [];
  for (const place of places) {
    log.add('several-directories', place.start, 'another central directory that some readers use');
    for (const entry of await entriesOf(source, place)) {
      if (seen.has(keyOf(entry)) || seen.size >= limits.archiveMembers) continue;
      seen.add(keyOf(entry));
      const local = await readLocalHeader(window, entry.offset, source.size);
      found.push(...membersOf(entry, local, source.size, true, 'unlisted'));
      log.add('unlisted-member', entry.offset, 'the directory in use does not list it', entry.name);
    }
  }
  return found;
}

/** A directory that cannot be read gives no reader anything. */
async function entriesOf(source: ByteSource, place: DirectoryEnd): Promise<readonly DirectoryEntry[]> {
  try {
    return await readDirectory(source, place, anomalyLog());
  } catch (error) {
    if (isMlbomError(error) && error.code === 'E_MALFORMED') return [];
    throw error;
  }
}

/** True in an archive that is stored in this one. */
function isInside(offset: number, members: readonly ZipMember[]): boolean {
  return members.some(({ data }) => data && offset >= data.offset && offset < data.offset + data.length);
}

function keyOf({ offset, name }: Pick<ZipMember, 'offset' | 'name'>): string {
  return `${offset}\0${name}`;
}

function reportDuplicates(members: readonly ZipMember[], log: AnomalyLog): void {
  const names = new Set<string>();
  for (const { name, offset, known: how } of members) {
    // Another name of a member is told of by itself.
    if (how === 'other-name') continue;
    if (names.has(name)) log.add('duplicate-name', offset, 'another member has the same name', name);
    names.add(name);
  }
}
