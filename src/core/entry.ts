import type { Digest } from './digest.ts';

/** A part of a file, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Bytes with a known size and random access: all that the readers in `formats/` need. */
export interface ByteSource {
  readonly size: number;
  /**
   * Exactly `range.length` bytes.
   * @throws MlbomError `E_MALFORMED` past the end, `E_UNREADABLE` when the bytes cannot be had
   */
  read(range: ByteRange): Promise<Uint8Array>;
}

/** Where an entry's bytes lie on this machine: plain data, so that a worker thread can read them. */
export interface LocalBytes {
  /** A path; a Buffer where its name is not valid Unicode. */
  readonly file: string | Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** A digest that somebody claims for an entry: a content-addressed name, an LFS pointer. To be checked, not believed. */
export interface Promised extends Digest {
  /** Who claims it: `blob name`, `lfs pointer`. */
  readonly by: string;
}

/**
 * One file at one place.
 * `path` is relative, `/`-separated and Unicode; bytes that are not are percent-escaped, injectively.
 */
export interface Entry extends ByteSource {
  readonly kind: 'entry';
  readonly path: string;
  readonly access: 'random' | 'stream';
  readonly promises: readonly Promised[];
  /** The target of a symbolic link that leads here, unless the place's own layout is made of links. */
  readonly link?: string;
  /** The path at which the place has the same file in a directory of its own, for one behind a linked directory. */
  readonly sameAs?: string;
  readonly local?: LocalBytes;
  /** The path of the file that holds it, for a member of an archive. */
  readonly container?: string;
  /** The first `n` bytes, or all when there are fewer. */
  head(n: number): Promise<Uint8Array>;
  /** All bytes, once, in order. */
  stream(): AsyncIterable<Uint8Array>;
}

/** A file that the place holds and the artifact does not count: OMS's ignored paths. */
export interface Excluded {
  readonly kind: 'excluded';
  readonly path: string;
  readonly reason: string;
}
