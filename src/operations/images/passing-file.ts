import { createHash, hash } from 'node:crypto';
import { fileCollectors } from '../../collectors/registry.ts';
import { limits } from '../../core/limits.ts';
import { chunkRootOf } from '../../manifest/chunk-root.ts';
import { chunkSizeOf } from '../../manifest/chunk-size.ts';
import { createPartHasher, type Hasher, type PartHashes } from '../../manifest/file-hasher.ts';
import { createCapture, type Capture } from './capture.ts';
import { namedEntry } from './kept-content.ts';
import type { Spool } from './spool.ts';

/** How a file that passes by is to be looked at. */
export interface PassingOptions {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Ask who wants it, and keep what they need. */
  readonly describe: boolean;
  /** Keep it, where it is not too large, even if nobody wants it: it may be wanted under another name. */
  readonly keep: boolean;
  readonly chunks: 'all' | 'weights';
  /** Git's object name is promised. */
  readonly gitBlob: boolean;
  /** Absent where the file can be read again without being kept. */
  readonly spool?: Spool | undefined;
}

/** What is known of a file once it went by. */
export interface PassedFile {
  readonly sha256: string;
  readonly gitBlobSha1?: string;
  readonly chunkSize?: number;
  readonly chunkRoot?: string;
  readonly wanted: boolean;
  /** The first bytes, by which it is known who wants it. */
  readonly head: Uint8Array;
  /** What was kept for those who want it. */
  readonly capture?: Capture;
}

export interface PassingFile {
  add(bytes: Uint8Array): void;
  end(): PassedFile;
}

/** A file that came in one piece, as most do: one call is three times as fast as a hash that is kept going. */
export function passWhole(options: PassingOptions, bytes: Uint8Array): PassedFile {
  const { size, gitBlob, spool } = options;
  const head = bytes.subarray(0, limits.headBytes);
  const look = lookAt(options, head);
  const sha256 = hash('sha256', bytes);
  const capture = spool && look.keptBytes > 0 ? createCapture(size, look.keptBytes, spool) : undefined;
  capture?.add(bytes);
  return {
    sha256,
    wanted: look.wanted,
    head,
    ...(gitBlob ? { gitBlobSha1: gitBlobHash(size).update(bytes).digest('hex') } : {}),
    ...(look.chunked ? chunksOf(size, sha256, partsOf(size, [bytes])) : {}),
    ...(capture ? { capture } : {}),
  };
}

/** Hashes a file while it passes by, and keeps of it what its readers need. */
export function createPassingFile(options: PassingOptions): PassingFile {
  const { size, gitBlob, spool } = options;
  const sha256 = createHash('sha256');
  const sha1 = gitBlob ? gitBlobHash(size) : undefined;
  const headBytes = Math.min(size, limits.headBytes);
  let seen = 0;
  /** What came before it was known who wants the file. */
  let first: Uint8Array[] = [];
  let head: Uint8Array = new Uint8Array();
  let look: Look | undefined;
  let parts: Hasher<PartHashes> | undefined;
  let capture: Capture | undefined;

  return {
    add(bytes) {
      sha256.update(bytes);
      sha1?.update(bytes);
      seen += bytes.length;
      if (look) pass(bytes);
      else {
        first.push(bytes);
        if (seen >= headBytes) lookNow();
      }
    },
    end() {
      const { wanted, chunked } = look ?? lookNow();
      const hex = sha256.digest('hex');
      return {
        sha256: hex,
        wanted,
        head,
        ...(sha1 ? { gitBlobSha1: sha1.digest('hex') } : {}),
        ...(chunked ? chunksOf(size, hex, parts) : {}),
        ...(capture ? { capture } : {}),
      };
    },
  };

  function lookNow(): Look {
    // A copy: the pieces are gone when the file ends.
    head = Buffer.concat(first.map((bytes) => bytes.subarray(0, headBytes))).subarray(0, headBytes);
    look = lookAt(options, head);
    if (look.chunked) parts = partsOf(size, []);
    if (spool && look.keptBytes > 0) capture = createCapture(size, look.keptBytes, spool);
    for (const bytes of first) pass(bytes);
    first = [];
    return look;
  }

  function pass(bytes: Uint8Array): void {
    parts?.update(bytes);
    capture?.add(bytes);
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

/** What is to be done with a file. */
interface Look {
  readonly wanted: boolean;
  readonly chunked: boolean;
  /** 0 where nothing is to be kept but the head. */
  readonly keptBytes: number;
}

function lookAt({ path, size, describe, keep, chunks }: PassingOptions, head: Uint8Array): Look {
  const readers = describe ? wantersOf(path, size, head) : [];
  const wanted = readers.length > 0;
  const isWeights = readers.some((reader) => reader.unread !== undefined);
  const isKept = describe && keep && size <= limits.repositoryFileBytes;
  return {
    wanted,
    chunked: chunks === 'all' || isWeights,
    keptBytes: isKept ? size : wanted ? bytesFor(readers, size) : 0,
  };
}

/** The only leaf of a file of one chunk is its SHA-256, which is computed anyway. */
function partsOf(size: number, pieces: readonly Uint8Array[]): Hasher<PartHashes> | undefined {
  const chunkSize = chunkSizeOf(size);
  if (size <= chunkSize) return undefined;
  const parts = createPartHasher({ size, chunkSize, gitBlob: false });
  for (const bytes of pieces) parts.update(bytes);
  return parts;
}

function chunksOf(
  size: number,
  sha256: string,
  parts: Hasher<PartHashes> | undefined,
): { chunkSize: number; chunkRoot: string } {
  const leaves = parts?.digest().leaves ?? Buffer.from(sha256, 'hex');
  return { chunkSize: chunkSizeOf(size), chunkRoot: chunkRootOf(leaves) };
}

/** Git's object name: SHA-1 over a header and the bytes. */
function gitBlobHash(size: number): ReturnType<typeof createHash> {
  return createHash('sha1').update(`blob ${size}\0`);
}
