import type { Digest } from './digest.ts';
import type { LocalBytes } from './entry.ts';
import type { Fact } from './fact.ts';
import type { FileList } from './file-list.ts';
import type { Finding } from './finding.ts';
import type { Problem } from './problem.ts';
import type { Run } from './run.ts';

/** How the bytes of a layer are packed, by their first bytes. */
export type LayerCodec = 'none' | 'gzip' | 'zstd';

/** What a blob is: a tar of files, one file, or nothing that is looked into. */
export type LayerContent =
  | { readonly kind: 'tar' }
  /** The bytes are one file's, known under this path. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'opaque' };

/** A layer to read, as plain data: the bytes come from `local`, or from whoever feeds the worker. */
export interface LayerTask {
  /** Of the bytes as they are kept, where the manifest promises them. */
  readonly digest?: Digest;
  /** Bytes as they are kept: what the manifest promises, or what the place has. */
  readonly size: number;
  /** Of the unpacked bytes, where the configuration promises it. */
  readonly diffId?: Digest;
  readonly content: LayerContent;
  readonly local?: LocalBytes;
  /** Chunk roots of every file, and not of weights alone: the artifact's digest is made of them. */
  readonly chunks?: 'all' | 'weights';
  /** Without it only digests are verified and files hashed; nothing is described. */
  readonly describe: boolean;
}

/** One name in a layer. Whiteouts are not among them. */
export interface LayerEntry {
  /** Within the root: relative, `/`-separated, without `.` and `..`; bytes that are not Unicode are percent-escaped. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'hard-link' | 'other';
  /** Bytes of a file. */
  readonly size: number;
  /** Lower-case SHA-256 of a file; a hard link within the layer has its file's. */
  readonly sha256?: string;
  /** Of files that are weights, or of all where the task asks for it. */
  readonly chunkSize?: number;
  readonly chunkRoot?: string;
  /** Where a link leads, as it says. */
  readonly link?: string;
}

/** What collectors made of one entry of a layer; plain data. */
export interface LayerReading {
  readonly path: string;
  readonly facts: readonly Fact[];
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  readonly lists: readonly FileList[];
  readonly runs: readonly Run[];
  /** Collectors that looked through it with rules of theirs: `pickle 1`. */
  readonly examined: readonly string[];
}

/** Everything that one pass over a layer found, published only once every promised digest was met. Plain data. */
export interface LayerResult {
  /** SHA-256 of the bytes as they are kept, or the digest of the algorithm that was promised. */
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly size: number;
  readonly unpackedSize: number;
  readonly codec: LayerCodec;
  /** In the order of the archive; of a name that stands twice, the last. */
  readonly entries: readonly LayerEntry[];
  /** Paths that the layer removes from those below it. */
  readonly whiteouts: readonly string[];
  /** Directories of which it shows nothing that lies below it. */
  readonly opaque: readonly string[];
  readonly readings: readonly LayerReading[];
  /** About the layer itself: names that leave the root, sizes over which readers disagree, bytes after the end. */
  readonly problems: readonly Problem[];
}
