import { limits } from '../../core/limits.ts';
import { paxRecords } from './pax-records.ts';
import { tarError, tarText, upToNul, type TarHeader, type TarText } from './tar-header.ts';

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

export type ReportTarAnomaly = (anomaly: TarAnomaly) => void;

export const blockBytes = 512;

/** Sizes that do not fit are left out of the header, or cut: only smaller ones can contradict. */
const largestOctal = 8 ** 11 - 1;
/** GNU's long name and link; extended headers for one member, of Solaris, and for all that follow. */
const metaTypes = new Set(['L', 'K', 'x', 'X', 'g']);
/** Records for all members of which something is made. */
const sharedKeys = ['path', 'linkpath', 'size'];

/** Puts members together from their headers, and from what further headers before them say. */
export interface MemberBuilder {
  /** Takes the data of a header for which `isMeta` is true. */
  extend(header: TarHeader, bytes: Uint8Array, at: number): void;
  /** The member of any other header, whose data begins at `offset`. */
  member(header: TarHeader, at: number, offset: number): TarMember;
}

/**
 * What is odd is told to `report`, before the member that it is about.
 * @throws MlbomError, from its functions, `E_MALFORMED` (`tar-number`, `tar-pax`)
 */
export function memberBuilder(report: ReportTarAnomaly, text: TarText = tarText): MemberBuilder {
  const shared = new Map<string, string>();
  let own: Extended = {};
  return {
    extend(header, bytes, at) {
      own = extended(own, header.typeflag, bytes, at + blockBytes, shared, text);
      if (header.typeflag === 'g' && (shared.has('path') || shared.has('size'))) {
        report({ kind: 'global-header', offset: at, detail: 'a name or a size for all members that follow' });
      }
    },
    member(header, at, offset) {
      const member = memberOf(header, own, shared, at, offset);
      for (const detail of sizeAnomalies(header, own, member.size)) {
        report({ kind: 'size', offset: at, member: member.name, detail });
      }
      own = {};
      return member;
    },
  };
}

/** True for headers that say something of the members after them. */
export function isMeta({ typeflag, size }: TarHeader, at: number): boolean {
  if (!metaTypes.has(typeflag)) return false;
  if (size <= limits.tarMetaBytes) return true;
  throw tarError('E_LIMIT', 'meta', `a name or an extended header of ${size} bytes`, at);
}

/** Links, devices, directories and pipes have none, whatever their size says: GNU tar and Python go on after the header. */
export function hasData({ typeflag }: TarHeader): boolean {
  return !'123456'.includes(typeflag);
}

/** True where the block after this one, or after a block of a GNU sparse map, goes on with the map. */
export function hasMoreMap(block: Uint8Array): boolean {
  return block[504] !== 0;
}

export function isZero(block: Uint8Array): boolean {
  for (const byte of block) if (byte !== 0) return false;
  return true;
}

export function padded(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}

/** Headers that say something of the member after them. */
interface Extended {
  readonly longName?: string;
  readonly longLink?: string;
  readonly pax?: ReadonlyMap<string, string>;
}

function extended(
  own: Extended,
  typeflag: string,
  bytes: Uint8Array,
  offset: number,
  shared: Map<string, string>,
  text: TarText,
): Extended {
  if (typeflag === 'L') return { ...own, longName: text(upToNul(bytes)) };
  if (typeflag === 'K') return { ...own, longLink: text(upToNul(bytes)) };
  const records = paxRecords(bytes, offset, text);
  if (typeflag !== 'g') return { ...own, pax: records };
  for (const key of sharedKeys) {
    const value = records.get(key);
    if (value !== undefined) shared.set(key, value);
  }
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
  const size = !hasData(header) ? 0 : declared === undefined ? header.size : Number(declared);
  const linked = type === 'link' || type === 'hard-link' ? { link } : {};
  return { name, type, size, offset, header: at, ...linked };
}

function sizeAnomalies(header: TarHeader, { pax }: Extended, size: number): string[] {
  const details: string[] = [];
  if (pax?.has('size') && header.size !== size && header.size !== 0 && header.size < largestOctal) {
    details.push(`${header.size} bytes by its header, ${size} by the extended one`);
  }
  if (!hasData(header) && header.size !== 0) {
    details.push(`${header.size} bytes of data that this type has not`);
  }
  return details;
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
