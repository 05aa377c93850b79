import type { Digest } from './digest.ts';

/** A file as a package manager wrote it down. */
export interface ListedFile {
  /** Within the artifact. */
  readonly path: string;
  /** Bytes. */
  readonly size?: number;
  readonly digest?: Digest;
}

/**
 * What somebody wrote down of files: a package manager when it installed them (a wheel's `RECORD`, dpkg's `md5sums`), the
 * author of a dataset.
 * The inventory holds it against the files that are there, once all of them are hashed.
 */
export interface FileList {
  /** The key of the component whose files these are. */
  readonly component: string;
  /** The entry that is the list. */
  readonly path: string;
  readonly files: readonly ListedFile[];
  /** Directories in which every file should stand on somebody's list. */
  readonly owns: readonly string[];
  /** The directory into which packages are installed side by side: a file of code in it is on somebody's list. */
  readonly site?: string;
  /** It describes data or weights (Croissant, a manifest of blobs); nobody installed them. */
  readonly describes?: boolean;
}
