import { createHash, hash, type Hash } from 'node:crypto';
import { fileCollectors } from '../../collectors/registry.ts';
import { limits } from '../../core/limits.ts';
import { chunkRootOf } from '../../manifest/chunk-root.ts';
import { chunkSizeOf } from '../../manifest/chunk-size.ts';
import { createPartHasher, type Hasher, type PartHashes } from '../../manifest/file-hasher.ts';
import { createCapture, type Capture } from './capture.ts';
import { namedEntry, type KeptContent, type KeptPart } from './kept-content.ts';
import type { Spool } from './spool.ts';

/** How a file that passes by is to be looked at. */
export interface PassingOptions {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Ask who wants it, and keep what they need. */
  readonly describe: boolean;
  /** It may be read under another name, too. */
  readonly keep: boolean;
  readonly chunks: 'all' | 'weights';
  /** Git's object name is promised. */
  readonly gitBlob: boolean;
  readonly spool: Spool;
  /** All of it, where it can be read again without being kept. */
  readonly random?: KeptPart | undefined;
}

/** What is known of a file once it went by. */
export interface PassedFile {
  readonly sha256: string;
  readonly gitBlobSha1?: string;
  readonly chunkSize?: number;
  readonly chunkRoot?: string;
  readonly wanted: boolean;
  /** Until it is put to rest. */
  readonly content?: KeptContent;
  /** What stays readable to the end of the layer. */
  readonly rest: () => KeptContent;
}

export interface PassingFile {
  add(bytes: Uint8Array): void;
  end(): PassedFile;
}

/** Hashes a file while it passes by, and keeps of it what its readers need. */
export function createPassingFile(options: PassingOptions): PassingFile {
  const { path, size, describe, spool, random } = options;
  const chunkSize = chunkSizeOf(size);
  const gitBlob = options.gitBlob ? createHash('sha1').update(`blob ${size}\0`) : undefined;
  const headBytes = Math.min(size, limits.headBytes);
  let sha256: Hash | undefined;
  let whole: string | undefined;
  let seen = 0;
  /** What came before it was known who wants the file. */
  let first: Uint8Array[] = [];
  let looked = false;
  let head: Uint8Array = new Uint8Array();
  let wanted = false;
  let chunked = options.chunks === 'all';
  let parts: Hasher<PartHashes> | undefined;
  let capture: Capture | undefined;

  return {
    add(bytes) {
      // One call is three times as fast as an object of its own, and most files are small.
      if (bytes.length === size) whole = hash('sha256', bytes);
      else (sha256 ??= createHash('sha256')).update(bytes);
      gitBlob?.update(bytes);
      seen += bytes.length;
      if (looked) pass(bytes);
      else {
        first.push(bytes);
        if (seen >= headBytes) look();
      }
    },
    end() {
      if (!looked) look();
      const hex = whole ?? (sha256 ?? createHash('sha256')).digest('hex');
      const leaves = parts?.digest().leaves ?? Buffer.from(hex, 'hex');
      return {
        sha256: hex,
        ...(gitBlob ? { gitBlobSha1: gitBlob.digest('hex') } : {}),
        ...(chunked ? { chunkSize, chunkRoot: chunkRootOf(leaves) } : {}),
        wanted,
        ...(random || capture ? { content: contentNow() } : {}),
        rest,
      };
    },
  };

  function look(): void {
    looked = true;
    const [only] = first;
    head = (first.length === 1 && only ? only : Buffer.concat(first)).subarray(0, headBytes);
    const readers = describe ? wantersOf(path, size, head) : [];
    wanted = readers.length > 0;
    chunked ||= readers.some((reader) => reader.unread !== undefined);
    // The only leaf of a file of one chunk is its SHA-256.
    if (chunked && size > chunkSize) parts = createPartHasher({ size, chunkSize, gitBlob: false });
    if (!random && (wanted || (describe && options.keep))) {
      const isKept = options.keep && size <= limits.repositoryFileBytes;
      capture = createCapture(size, isKept ? size : bytesFor(readers, size), spool);
    }
    for (const bytes of first) pass(bytes);
    first = [];
  }

  function pass(bytes: Uint8Array): void {
    parts?.update(bytes);
    capture?.add(bytes);
  }

  function contentNow(): KeptContent {
    return random ? { size, parts: [random] } : (capture?.content() ?? { size, parts: [] });
  }

  function rest(): KeptContent {
    if (random) return { size, parts: [random] };
    if (capture) return capture.rest();
    // Who wants it under another name is found out by its beginning.
    const part = describe ? spool.keep(head) : undefined;
    return { size, parts: part ? [part] : [] };
  }
}

/** The collectors that want a file. */
export function wantersOf(path: string, size: number, head: Uint8Array): typeof fileCollectors {
  const entry = namedEntry(path, size);
  return fileCollectors.filter((collector) => collector.wants(entry, head));
}

/** How much of a file, from its start, its readers may ask for. */
export function bytesFor(readers: typeof fileCollectors, size: number): number {
  return Math.max(limits.headBytes, ...readers.map(({ readsFirst }) => readsFirst ?? size));
}
