import type { ByteSource } from '../../core/entry.ts';
import { ByteWindow } from '../byte-window.ts';
import type { DirectoryEntry } from './central-directory.ts';
import {
  contradictionsOf,
  descriptorBytes,
  hasDescriptor,
  isEncrypted,
  readLocalHeader,
} from './local-headers.ts';
import type { LocalHeader } from './local-headers.ts';
import { checkEntry, typeOf } from './check-entry.ts';
import { unlistedIn } from './unlisted.ts';
import type { AnomalyLog, ZipMember } from './zip-types.ts';

/** What the members of a directory are, held against their local headers and the bytes between them. */
export interface Layout {
  readonly members: readonly ZipMember[];
  /** Bytes before the first member. */
  readonly prefix: number;
}

type Draft = { -readonly [K in keyof ZipMember]: ZipMember[K] };

/** Members over one another whose local headers are read: one is odd, thousands are a bomb of 42 bytes each. */
const mostOverlaps = 256;
/** Bytes between members that are searched for members that no directory lists, in all. */
const searchedBytes = 16 * 1024 * 1024;

/**
 * Goes through the archive once, in the order of the offsets.
 * @throws MlbomError `E_UNREADABLE`
 */
export async function layOut(
  source: ByteSource,
  entries: readonly DirectoryEntry[],
  directoryStart: number,
  log: AnomalyLog,
): Promise<Layout> {
  const window = new ByteWindow(source, { format: 'zip' });
  const members: Draft[] = [];
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  const first = sorted[0]?.offset ?? directoryStart;
  let reached = 0;
  let last: Draft | undefined;
  let previous: DirectoryEntry | undefined;
  let overlaps = 0;
  let budget = searchedBytes;

  for (const entry of sorted) {
    if (entry.offset >= reached) await between(reached, Math.min(entry.offset, directoryStart));
    const over = entry.offset < reached;
    if (over) {
      overlaps++;
      if (last) last.overlaps = true;
      log.add('overlap', entry.offset, `it begins inside ${last?.name ?? 'another member'}`, entry.name);
    }
    const local =
      over && overlaps > mostOverlaps ? undefined : await readLocalHeader(window, entry.offset, source.size);
    const [member, ...others] = membersOf(entry, local, source.size, over);
    members.push(member, ...others);
    report(entry, local, member);
    const end = member.data === undefined ? reached : member.data.offset + member.data.length;
    if (end > directoryStart && entry.offset < directoryStart) {
      member.overlaps = true;
      log.add('overlap', entry.offset, 'it goes on into the central directory', entry.name);
    }
    if (end <= reached) continue;
    [reached, last, previous] = [end, member, entry];
  }
  await between(reached, directoryStart);
  return { members, prefix: Math.max(0, Math.min(first, directoryStart)) };

  function report(entry: DirectoryEntry, local: LocalHeader | undefined, member: ZipMember): void {
    checkEntry(entry, log);
    if (!local) {
      log.add('no-local-header', entry.offset, 'there is no local header where it should be', entry.name);
      return;
    }
    if (!member.data)
      log.add('no-local-header', entry.offset, 'its data would end after the file', entry.name);
    if (local.name !== entry.name)
      log.add(
        'other-name',
        entry.offset,
        `its local header calls it ${JSON.stringify(shortName(local.name))}`,
        entry.name,
      );
    for (const what of contradictionsOf(entry, local))
      log.add('local-header', entry.offset, what, entry.name);
  }

  /** What lies from where one member ends to where the next one begins. */
  async function between(from: number, to: number): Promise<void> {
    let at = from;
    if (previous && hasDescriptor(previous.flags) && to >= from) {
      const length =
        to > from ? await descriptorBytes(window, { offset: from, length: to - from }, previous) : undefined;
      if (length === undefined)
        log.add('descriptor', from, 'no data descriptor that agrees follows it', previous.name);
      at += length ?? 0;
    }
    if (to <= at) return;
    const found = await unlistedIn(source, window, { offset: at, length: to - at }, budget);
    budget -= Math.min(budget, to - at);
    for (const [entry, local] of found.members) {
      members.push(...membersOf(entry, local, source.size, false, 'unlisted'));
      log.add('unlisted-member', entry.offset, 'the central directory does not list it', entry.name);
    }
    if (found.members.length > 0 || found.zeros) return;
    const kind = at === 0 ? 'prefix' : 'gap';
    const where = kind === 'prefix' ? 'before the first member' : 'that belong to no member';
    log.add(kind, at, `${to - at} bytes ${where}`);
  }
}

/** The member under each of its names, the listed one first. */
export function membersOf(
  entry: DirectoryEntry,
  local: LocalHeader | undefined,
  end: number,
  overlaps: boolean,
  known: ZipMember['known'] = 'listed',
): [Draft, ...Draft[]] {
  const fits = local !== undefined && local.dataStart + entry.compressedSize <= end;
  const member: Draft = {
    name: entry.name,
    method: entry.method,
    size: entry.size,
    compressedSize: entry.compressedSize,
    crc32: entry.crc32,
    offset: entry.offset,
    encrypted: isEncrypted(entry.flags) || (local !== undefined && isEncrypted(local.flags)),
    known,
    type: typeOf(entry),
    ...(fits ? { data: { offset: local.dataStart, length: entry.compressedSize } } : {}),
    overlaps,
  };
  const names = new Set([...entry.otherNames, ...(local && local.name !== '' ? [local.name] : [])]);
  names.delete(entry.name);
  const others = [...names].map((name): Draft => ({ ...member, name, known: 'other-name' }));
  return [member, ...others];
}

function shortName(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}
