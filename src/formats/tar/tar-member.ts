import { limits } from '../../core/limits.ts';
import { paxRecords } from './pax-records.ts';
import { tarError, tarText, upToNul, type TarDispute, type TarHeader, type TarText } from './tar-header.ts';

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
  /** Readers go on at different places. */
  | 'size'
  /** Readers call the member differently, or have its link lead elsewhere. */
  | 'name'
  /** A file for some readers, and something else for others. */
  | 'type'
  /** Several of a kind before one member, of which some readers take the first and some the last. */
  | 'extended-header'
  /** A block of zeros between members: some readers stop there. */
  | 'zero-block'
  /** Members after the end, for readers that go on. */
  | 'after-end'
  | 'trailing-data'
  /** A name or size for all members that follow, which some readers pass over. */
  | 'global-header'
  | 'no-end';

export type ReportTarAnomaly = (anomaly: TarAnomaly) => void;

export const blockBytes = 512;

/** Sizes that do not fit are left out of the header, or cut: only smaller ones can contradict. */
const largestOctal = 8 ** 11 - 1;
/** GNU's long name and link; extended headers for one member, of Solaris, and for all that follow. */
const metaTypes = new Set(['L', 'K', 'x', 'X', 'g']);
/** Records that say what a member is, where they are for all members. */
const sharedKey = /^(?:path|linkpath|size|GNU\.sparse\..*)$/;

/** Puts members together from their headers, and from what further headers before them say. */
export interface MemberBuilder {
  /** Takes the data of a header for which `isMeta` is true. */
  extend(header: TarHeader, bytes: Uint8Array, at: number): void;
  /** The member of any other header, whose data begins at `offset`. */
  member(header: TarHeader, at: number, offset: number): TarMember;
}

/**
 * Members as Go's archive/tar makes them: that is what unpacks images. Where other readers make something else of the
 * same headers, that is told to `report`, before the member that it is about.
 * @throws MlbomError, from its functions, `E_MALFORMED` (`tar-number`, `tar-pax`)
 */
export function memberBuilder(report: ReportTarAnomaly, text: TarText = tarText): MemberBuilder {
  let own: Extended = {};
  return {
    extend(header, bytes, at) {
      const doubt = (kind: TarAnomalyKind, detail: string): void => {
        report({ kind, offset: at, detail });
      };
      for (const { kind, detail } of header.disputes ?? []) if (kind === 'size') doubt(kind, detail);
      if (header.typeflag === 'g') {
        const keys = paxRecords(bytes, at + blockBytes, text).keys();
        if ([...keys].some((key) => sharedKey.test(key))) {
          doubt('global-header', 'a name or a size for all members that follow');
        }
        if (Object.keys(own).length > 0) {
          doubt('extended-header', 'one for all members parts another one from its member');
        }
        // Go gives it out as a member, so that what stood before it is used up.
        own = {};
        return;
      }
      const next = extended(header.typeflag, bytes, at + blockBytes, text);
      if (Object.keys(next).some((key) => key in own))
        doubt('extended-header', 'two of a kind for one member');
      if (header.typeflag === 'X') doubt('extended-header', 'one of a kind that only some readers know');
      own = { ...own, ...next };
    },
    member(header, at, offset) {
      const { member, disputes } = memberOf(header, own, at, offset);
      for (const { kind, detail } of disputes) report({ kind, offset: at, member: member.name, detail });
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

type Records = ReadonlyMap<string, string>;

const noRecords: Records = new Map();

/** Headers that say something of the member after them. */
interface Extended {
  readonly longName?: string;
  readonly longLink?: string;
  readonly pax?: Records;
}

function extended(typeflag: string, bytes: Uint8Array, offset: number, text: TarText): Extended {
  if (typeflag === 'L') return { longName: text(upToNul(bytes)) };
  if (typeflag === 'K') return { longLink: text(upToNul(bytes)) };
  return { pax: paxRecords(bytes, offset, text) };
}

/** An empty text says nothing; GNU's headers are stronger than the standard's. */
function memberOf(
  header: TarHeader,
  { longName, longLink, pax = noRecords }: Extended,
  at: number,
  offset: number,
): { member: TarMember; disputes: readonly TarDispute[] } {
  const disputes = [...(header.disputes ?? [])];
  const doubt = (kind: TarDispute['kind'], detail: string): void => void disputes.push({ kind, detail });
  const named = (own: string, long: string | undefined, key: string): string => {
    const declared = pax.get(key);
    if (declared === '' || long === '') doubt('name', `an empty ${key}`);
    else if (long && declared !== undefined && declared !== long)
      doubt('name', `two extended headers with a ${key}`);
    return long || declared || own;
  };
  const name = named(header.name, longName, 'path');
  const type = typeOf(header.typeflag, name);
  const linked =
    type === 'link' || type === 'hard-link' ? { link: named(header.link, longLink, 'linkpath') } : {};
  const endsInSlash = name.endsWith('/');
  if (type === 'file' && endsInSlash) doubt('type', 'a file whose name ends in a slash');
  else if (header.typeflag === '\0' && header.name.endsWith('/') !== endsInSlash) {
    doubt('type', 'two names, of which one ends in a slash');
  }
  const sparse = isSparse(header, pax);
  if (!sparse && [...pax.keys()].some((key) => key.startsWith('GNU.sparse.'))) {
    doubt('type', 'a sparse file of a kind that only some readers know');
  }
  if (pax.get('size') === '') doubt('size', 'an empty size');
  const size = sizeOf(header, pax, at);
  const hasData = !'123456'.includes(header.typeflag) && !(header.typeflag === '\0' && endsInSlash);
  if (!hasData && (size !== 0 || header.size !== 0)) {
    doubt('size', `${size || header.size} bytes of data that this type has not`);
  } else if (header.size !== size && header.size !== 0 && header.size < largestOctal) {
    doubt('size', `${header.size} bytes by its header, ${size} by the extended one`);
  }
  const member: TarMember = {
    name: (sparse && header.typeflag !== 'S' && pax.get('GNU.sparse.name')) || name,
    type: sparse ? 'sparse' : type,
    size: hasData ? size : 0,
    offset,
    header: at,
    ...linked,
  };
  return { member, disputes };
}

/** Of the data; a size that is too large for a header stands in an extended one alone. */
function sizeOf(header: TarHeader, pax: Records, at: number): number {
  const declared = pax.get('size');
  if (!declared) return header.size;
  if (/^\d{1,15}$/.test(declared)) return Number(declared);
  throw tarError('E_MALFORMED', 'number', 'a size that is no number', at);
}

/** Of GNU's kinds: the old one, and 0.0, 0.1 and 1.0 of those in extended headers. */
function isSparse({ sparse }: TarHeader, pax: Records): boolean {
  if (sparse !== undefined) return true;
  const major = pax.get('GNU.sparse.major') ?? '';
  const minor = pax.get('GNU.sparse.minor') ?? '';
  if (major !== '' || minor !== '') return /^(?:0\.[01]|1\.0)$/.test(`${major}.${minor}`);
  const first = pax.get('GNU.sparse.offset');
  if (first === undefined) return Boolean(pax.get('GNU.sparse.map'));
  return first !== '' || pax.has('GNU.sparse.numbytes');
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
