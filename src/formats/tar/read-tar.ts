import type { ByteSource } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { ByteWindow } from '../byte-window.ts';
import { paxRecords } from './pax-records.ts';
import { hasChecksum, parseTarHeader, tarError, tarText, type TarHeader } from './tar-header.ts';

export interface TarMember {
  /** As it stands there; nothing is normalised. */
  readonly name: string;
  /** A `sparse` file's bytes do not lie in one piece. */
  readonly type: 'file' | 'directory' | 'link' | 'hard-link' | 'device' | 'fifo' | 'sparse' | 'other';
  /** Bytes of data in the archive. */
  readonly size: number;
  /** Of the data. */
  readonly offset: number;
  /** Of the header. */
  readonly header: number;
  /** Where a link leads. */
  readonly link?: string;
}

/** Something about an archive over which readers disagree. */
export interface TarAnomaly {
  readonly kind: TarAnomalyKind;
  readonly offset: number;
  readonly member?: string;
  readonly detail: string;
}

export type TarAnomalyKind =
  /** The size in the header and the one in the extended header differ: readers go on at different places. */
  | 'size'
  /** A block of zeros between members: some readers stop there. */
  | 'zero-block'
  /** Members after the end, for readers that go on. */
  | 'after-end'
  | 'trailing-data'
  /** A name or size for all members that follow. */
  | 'global-header'
  | 'no-end';

const blockBytes = 512;
/** Zeros after the end that are passed over: GNU tar fills up to 10 KiB, tapes to 1 MiB. */
const fillerBytes = 1024 * 1024;
/** Sizes that do not fit are left out of the header, or cut: only smaller ones can contradict. */
const largestOctal = 8 ** 11 - 1;

/**
 * The members of a tar (ustar, GNU, pax, and the old one), in order, by ranged reads of their headers alone.
 * What is odd is told to `report`, before the member that it is about.
 * @throws MlbomError `E_MALFORMED` (`tar-checksum`, `tar-number`, `tar-pax`, `tar-truncated`), `E_LIMIT` (`tar-meta`)
 */
export async function* readTar(
  source: ByteSource,
  report: (anomaly: TarAnomaly) => void = () => undefined,
): AsyncGenerator<TarMember> {
  const window = new ByteWindow(source, { format: 'tar' });
  const shared = new Map<string, string>();
  let own: Extended = {};
  for (let at = 0; ;) {
    if (at + blockBytes > source.size) {
      if (at < source.size) throw tarError('E_MALFORMED', 'truncated', 'it ends inside a header', at);
      report({ kind: 'no-end', offset: at, detail: 'no block of zeros ends it' });
      return;
    }
    window.seek(at);
    const block = await window.take(blockBytes);
    if (isZero(block)) {
      const next = await afterZeros(window, at, source.size, report);
      if (next === undefined) return;
      at = next;
      continue;
    }
    const header = parseTarHeader(block, at);
    const dataStart = at + blockBytes + (header.sparse?.extended ? await skipSparseMap(window) : 0);
    if (metaTypes.has(header.typeflag)) {
      const bytes = await metaOf(window, header, at);
      own = extend(own, header.typeflag, bytes, dataStart, shared);
      if (header.typeflag === 'g' && (shared.has('path') || shared.has('size'))) {
        report({ kind: 'global-header', offset: at, detail: 'a name or a size for all members that follow' });
      }
      at = dataStart + padded(header.size);
      continue;
    }
    const member = memberOf(header, own, shared, at, dataStart);
    if (hasData(header.typeflag) && member.size > source.size - dataStart) {
      throw tarError('E_MALFORMED', 'truncated', 'the data of a member is not all there', at);
    }
    if (
      own.pax?.has('size') &&
      header.size !== member.size &&
      header.size !== 0 &&
      header.size < largestOctal
    ) {
      const detail = `${header.size} bytes by its header, ${member.size} by the extended one`;
      report({ kind: 'size', offset: at, member: member.name, detail });
    }
    if (!hasData(header.typeflag) && header.size !== 0) {
      const detail = `${header.size} bytes of data that this type has not`;
      report({ kind: 'size', offset: at, member: member.name, detail });
    }
    yield member;
    own = {};
    // The last member's filling may be missing.
    at = hasData(header.typeflag) ? Math.min(dataStart + padded(member.size), source.size) : dataStart;
  }
}

/** Headers that say something of the member after them. */
interface Extended {
  readonly longName?: string;
  readonly longLink?: string;
  readonly pax?: ReadonlyMap<string, string>;
}

/** GNU's long name and link; extended headers for one member, of Solaris, and for all that follow. */
const metaTypes = new Set(['L', 'K', 'x', 'X', 'g']);

async function metaOf(window: ByteWindow, { size }: TarHeader, at: number): Promise<Uint8Array> {
  if (size > limits.tarMetaBytes) {
    throw tarError('E_LIMIT', 'meta', `a name or an extended header of ${size} bytes`, at);
  }
  return Uint8Array.from(await window.take(size));
}

function extend(
  own: Extended,
  typeflag: string,
  bytes: Uint8Array,
  offset: number,
  shared: Map<string, string>,
): Extended {
  if (typeflag === 'L') return { ...own, longName: tarText(bytes) };
  if (typeflag === 'K') return { ...own, longLink: tarText(bytes) };
  const records = paxRecords(bytes, offset);
  if (typeflag !== 'g') return { ...own, pax: records };
  for (const [key, value] of records) shared.set(key, value);
  return own;
}

function memberOf(
  header: TarHeader,
  { longName, longLink, pax }: Extended,
  shared: ReadonlyMap<string, string>,
  at: number,
  offset: number,
): TarMember {
  const said = (key: string): string | undefined => pax?.get(key) ?? shared.get(key);
  const name = pax?.get('GNU.sparse.name') ?? said('path') ?? longName ?? header.name;
  const sparse =
    header.sparse !== undefined || ['GNU.sparse.major', 'GNU.sparse.map'].some((key) => pax?.has(key));
  const link = said('linkpath') ?? longLink ?? header.link;
  const type = sparse ? 'sparse' : typeOf(header.typeflag, name);
  const declared = said('size');
  if (declared !== undefined && !/^\d{1,15}$/.test(declared)) {
    throw tarError('E_MALFORMED', 'number', 'a size that is no number', at);
  }
  const size = !hasData(header.typeflag) ? 0 : declared === undefined ? header.size : Number(declared);
  const linked = type === 'link' || type === 'hard-link' ? { link } : {};
  return { name, type, size, offset, header: at, ...linked };
}

function typeOf(typeflag: string, name: string): TarMember['type'] {
  switch (typeflag) {
    case '0':
    case '7':
      return 'file';
    case '\0':
      return name.endsWith('/') ? 'directory' : 'file';
    case '1':
      return 'hard-link';
    case '2':
      return 'link';
    case '3':
    case '4':
      return 'device';
    case '5':
    case 'D':
      return 'directory';
    case '6':
      return 'fifo';
    case 'V':
      return 'other';
    default:
      // POSIX: what is not known is a file; a continued one of several volumes is only a part of one.
      return typeflag === 'M' ? 'other' : 'file';
  }
}

/** Links, devices, directories and pipes have none, whatever their size says: GNU tar and Python go on after the header. */
function hasData(typeflag: string): boolean {
  return !'123456'.includes(typeflag);
}

/** Bytes that the further blocks of a GNU sparse map take; each says whether another one follows. */
async function skipSparseMap(window: ByteWindow): Promise<number> {
  for (let bytes = blockBytes; ; bytes += blockBytes) {
    const block = await window.take(blockBytes);
    if (block[504] === 0) return bytes;
  }
}

/** Where reading goes on after a block of zeros, or nothing at the end; readers differ over what comes after it. */
async function afterZeros(
  window: ByteWindow,
  at: number,
  size: number,
  report: (anomaly: TarAnomaly) => void,
): Promise<number | undefined> {
  const end = Math.min(size, at + fillerBytes);
  for (let next = at + blockBytes; next + blockBytes <= end; next += blockBytes) {
    window.seek(next);
    const block = await window.take(blockBytes);
    if (isZero(block)) continue;
    if (!hasChecksum(block)) {
      report({ kind: 'trailing-data', offset: next, detail: `${size - next} bytes after its end` });
      return undefined;
    }
    const single = next === at + blockBytes;
    const detail = single ? 'a block of zeros between members' : 'members after its end';
    report({ kind: single ? 'zero-block' : 'after-end', offset: next, detail });
    return next;
  }
  if (end < size) report({ kind: 'trailing-data', offset: end, detail: `${size - end} bytes after its end` });
  return undefined;
}

function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

function padded(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}
