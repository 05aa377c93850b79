import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { incomplete } from '../../core/problem.ts';
import { isSqlite } from '../../formats/sqlite/read-sqlite.ts';
import { collectDatabase, unreadChanges } from './database.ts';
import { collectManifest } from './manifest.ts';
import { rpmPlace } from './place.ts';

/** rpm packages that are installed: the SQLite database of current rpm, and Mariner's list. Older databases are named. */
export const rpm: FileCollector = {
  id: 'rpm',
  version: 1,
  wants({ path }, head) {
    const kind = rpmPlace(path)?.kind;
    if (kind === undefined || head.length === 0) return false;
    if (kind === 'sqlite') return isSqlite(head);
    if (kind === 'bdb') return isBerkeleyHash(head);
    if (kind === 'ndb') return Buffer.from(head.subarray(0, 4)).toString('latin1') === 'RpmP';
    return true;
  },
  async collect(entry, signal): Promise<Collected> {
    const place = rpmPlace(entry.path);
    if (place?.kind === 'sqlite') return collectDatabase(entry, place.root, signal);
    if (place?.kind === 'manifest') return collectManifest(entry, place.root);
    if (place?.kind === 'wal') return unreadChanges(entry);
    return place === undefined ? nothing : notParsed(entry, place.kind);
  },
};

/** The magic of a Berkeley DB hash, at byte 12, in either byte order. */
function isBerkeleyHash(head: Uint8Array): boolean {
  const magic = Buffer.from(head.subarray(12, 16)).toString('hex');
  return magic === '61150600' || magic === '00061561';
}

function notParsed({ path }: Entry, kind: 'bdb' | 'ndb'): Collected {
  const name = kind === 'bdb' ? 'Berkeley DB' : 'ndb';
  const reason = `an rpm database of the kind ${name} is present and not parsed: its packages are missing here`;
  return { ...nothing, problems: [incomplete('rpm-database-kind', path, reason)] };
}
