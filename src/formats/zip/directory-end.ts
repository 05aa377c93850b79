import type { ByteSource } from '../../core/entry.ts';
import { zipError } from './zip-error.ts';
import type { AnomalyLog } from './zip-types.ts';

/** Where a central directory lies, as an end record describes it (APPNOTE 4.3.14 to 4.3.16). */
export interface DirectoryEnd {
  /** Offset of the end record. */
  readonly at: number;
  readonly start: number;
  /** Where the directory must have ended: at the end record, or at the zip64 one. */
  readonly end: number;
  /** What has to be added to the offsets in the directory: bytes that were put before the archive. */
  readonly base: number;
  /** Bytes and entries, as declared. */
  readonly size: number;
  readonly entries: number;
  /** A second place at which readers that go by the offset alone find a directory. */
  readonly other?: number;
}

const endSignature = 0x06054b50;
const endBytes = 22;
const longestComment = 0xffff;
const locatorBytes = 20;
const end64Bytes = 56;
/** End records in the last 64 KiB that are looked at; an honest archive has one, or some of archives stored in it. */
const mostEnds = 8;

/**
 * The directories that the end records describe, the one in use first: readers take the last record of the file.
 * @throws MlbomError `E_MALFORMED` (`zip-end`) when there is none
 */
export async function findDirectoryEnds(source: ByteSource, log: AnomalyLog): Promise<DirectoryEnd[]> {
  const length = Math.min(source.size, endBytes + longestComment);
  const tailStart = source.size - length;
  const tail = viewOf(await source.read({ offset: tailStart, length }));
  const ends: DirectoryEnd[] = [];
  const all = endsIn(tail);
  for (const at of all.slice(0, mostEnds)) {
    const found = await describe(source, tail, at, tailStart, ends.length === 0 ? log : undefined);
    if (found) ends.push(found);
  }
  const [used] = ends;
  if (!used) {
    const why =
      all.length === 0 ? 'no end of a central directory' : 'no central directory where its end says';
    throw zipError('E_MALFORMED', all.length === 0 ? 'end' : 'directory', why);
  }
  const comment = tail.getUint16(used.at - tailStart + 20, true);
  const after = source.size - (used.at + endBytes + comment);
  if (after > 0) log.add('trailing-data', source.size - after, `${after} bytes after its end`);
  if (after < 0)
    log.add('trailing-data', used.at, `a comment of ${comment} bytes, ${-after} more than there are`);
  return ends;
}

/** From the last to the first. */
function endsIn(tail: DataView): number[] {
  const found: number[] = [];
  for (let at = tail.byteLength - endBytes; at >= 0; at--) {
    if (tail.getUint8(at) === 0x50 && tail.getUint32(at, true) === endSignature) found.push(at);
  }
  return found;
}

async function describe(
  source: ByteSource,
  tail: DataView,
  at: number,
  tailStart: number,
  log: AnomalyLog | undefined,
): Promise<DirectoryEnd | undefined> {
  const end = tailStart + at;
  const short = {
    end,
    disks: [tail.getUint16(at + 4, true), tail.getUint16(at + 6, true)],
    entriesHere: tail.getUint16(at + 8, true),
    entries: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
  };
  const long = await describe64(source, end);
  const record = long ?? short;
  const place = await placeOf(source, record);
  if (!place) return undefined;
  if (log) {
    if (record.disks.some((disk) => disk !== 0) || record.entriesHere !== record.entries)
      log.add('disk', end, 'it says that it is one of several disks');
    if (long && disagrees(short, long))
      log.add('directory', end, 'the zip64 end of the directory says something else');
    if (place.start + record.size !== record.end) {
      const size = record.end - place.start;
      log.add('directory', place.start, `${record.size} bytes declared, ${size} before its end`);
    }
  }
  return { at: end, end: record.end, size: record.size, entries: record.entries, ...place };
}

interface EndRecord {
  readonly end: number;
  readonly disks: readonly number[];
  readonly entriesHere: number;
  readonly entries: number;
  readonly size: number;
  readonly offset: number;
}

/** The zip64 end record, where a locator stands before the end record; readers prefer it whatever the short one says. */
async function describe64(source: ByteSource, end: number): Promise<EndRecord | undefined> {
  if (end < locatorBytes + end64Bytes) return undefined;
  const before = await viewAt(source, end - locatorBytes - end64Bytes, locatorBytes + end64Bytes);
  if (before.getUint32(end64Bytes, true) !== 0x07064b50) return undefined;
  const declared = length64(before, end64Bytes + 8);
  // With bytes put before the archive the offset is short; the record itself stands before its locator.
  for (const at of [declared, end - locatorBytes - end64Bytes]) {
    if (at > end - locatorBytes - end64Bytes) continue;
    const view = await viewAt(source, at, end64Bytes);
    if (view.getUint32(0, true) !== 0x06064b50) continue;
    return {
      end: at,
      disks: [view.getUint32(16, true), view.getUint32(20, true)],
      entriesHere: length64(view, 24),
      entries: length64(view, 32),
      size: length64(view, 40),
      offset: length64(view, 48),
    };
  }
  return undefined;
}

function disagrees(short: EndRecord, long: EndRecord): boolean {
  return (
    (short.entries !== 0xffff && short.entries !== long.entries) ||
    (short.size !== 0xffffffff && short.size !== long.size) ||
    (short.offset !== 0xffffffff && short.offset !== long.offset)
  );
}

/** Python goes back from the end by the size, others go by the offset; where both lead to a directory, readers disagree. */
async function placeOf(
  source: ByteSource,
  { end, size, offset, entries }: EndRecord,
): Promise<Pick<DirectoryEnd, 'start' | 'base' | 'other'> | undefined> {
  const bySize = end - size;
  if (bySize === offset) {
    return entries === 0 || (await hasEntry(source, offset, end)) ? { start: offset, base: 0 } : undefined;
  }
  const [atSize, atOffset] = [await hasEntry(source, bySize, end), await hasEntry(source, offset, end)];
  if (atSize && bySize > offset) {
    return { start: bySize, base: bySize - offset, ...(atOffset ? { other: offset } : {}) };
  }
  if (atOffset) return { start: offset, base: 0, ...(atSize ? { other: bySize } : {}) };
  if (atSize) return { start: bySize, base: 0 };
  return entries === 0 && size === 0 ? { start: end, base: 0 } : undefined;
}

async function hasEntry(source: ByteSource, at: number, end: number): Promise<boolean> {
  if (at < 0 || at + 46 > end) return false;
  return (await viewAt(source, at, 4)).getUint32(0, true) === 0x02014b50;
}

async function viewAt(source: ByteSource, offset: number, length: number): Promise<DataView> {
  return viewOf(await source.read({ offset, length }));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Exact up to 2^53, and larger than any file above. */
function length64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}
