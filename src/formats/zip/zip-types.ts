import type { ByteRange } from '../../core/entry.ts';

/** An archive as its central directory lists it, and what does not fit. */
export interface Zip {
  /** In the order of their local headers; a file that goes by two names is there twice. */
  readonly members: readonly ZipMember[];
  /** At most `anomaliesPerKind` of each kind. */
  readonly anomalies: readonly ZipAnomaly[];
  /** How many there are of each kind. */
  readonly counts: ReadonlyMap<ZipAnomalyKind, number>;
  /** Bytes before the first member. */
  readonly prefix: number;
}

export interface ZipMember {
  /** As UTF-8 where it is that, else as code page 437. Nothing is normalised. */
  readonly name: string;
  /** Compression method: 0 stored, 8 deflated. */
  readonly method: number;
  /** Unpacked bytes, as declared. */
  readonly size: number;
  readonly compressedSize: number;
  readonly crc32: number;
  /** Of its local header in the file. */
  readonly offset: number;
  /** What the flags say. Its bytes may be plain all the same, and readers that ignore the flags take them so. */
  readonly encrypted: boolean;
  /** Who names it so: the central directory, its local header alone, or a header that the directory in use does not list. */
  readonly known: 'listed' | 'other-name' | 'unlisted';
  /** What the Unix mode in the external attributes, or a `/` at the end of the name, says. */
  readonly type: 'file' | 'directory' | 'link';
  /** Where its bytes lie; absent where there is no usable local header. */
  readonly data?: ByteRange;
  /** True when another member uses some of the same bytes. */
  readonly overlaps: boolean;
}

/** Something about an archive that honest writers do not do, or over which readers disagree. */
export interface ZipAnomaly {
  readonly kind: ZipAnomalyKind;
  readonly offset: number;
  readonly member?: string;
  /** What there is, in a few words. */
  readonly detail: string;
}

export type ZipAnomalyKind =
  /** The local header gives the member another name, or an extra field or a NUL does. */
  | 'other-name'
  /** The local header gives another size, CRC, method or flag. */
  | 'local-header'
  /** Where the directory points there is no local header, or its data does not fit in the file. */
  | 'no-local-header'
  | 'unlisted-member'
  | 'encrypted'
  | 'method'
  | 'duplicate-name'
  | 'escaping-name'
  | 'overlap'
  | 'prefix'
  | 'gap'
  | 'trailing-data'
  /** More than one end of the central directory, or two directories that readers choose between. */
  | 'several-directories'
  /** Size, place or zip64 copy of the directory's description does not fit. */
  | 'directory'
  | 'entry-count'
  | 'disk'
  | 'link'
  | 'descriptor'
  | 'ratio'
  /** A directory that has content, a stored member whose two sizes differ. */
  | 'size'
  | 'crc';

/** Anomalies of one kind that are kept; their number is counted on. */
export const anomaliesPerKind = 16;

/** Collects anomalies, without letting a hostile archive have millions of them. */
export interface AnomalyLog {
  readonly list: readonly ZipAnomaly[];
  readonly counts: ReadonlyMap<ZipAnomalyKind, number>;
  add(kind: ZipAnomalyKind, offset: number, detail: string, member?: string): void;
}

export function anomalyLog(): AnomalyLog {
  const list: ZipAnomaly[] = [];
  const counts = new Map<ZipAnomalyKind, number>();
  return {
    list,
    counts,
    add(kind, offset, detail, member) {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count > anomaliesPerKind) return;
      list.push({ kind, offset, detail, ...(member === undefined ? {} : { member }) });
    },
  };
}
