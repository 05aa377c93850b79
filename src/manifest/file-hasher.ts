import { createHash, type Hash } from 'node:crypto';
import type { ByteRange } from '../core/entry.ts';
import { chunksOf } from './chunk-size.ts';
import { createRangeHasher, type RangeHasher } from './range-hasher.ts';

/** What to compute of one file. */
export interface HashRequest {
  /** Bytes. */
  readonly size: number;
  readonly chunkSize: number;
  /** Whether Git's object name of the file is wanted too. */
  readonly gitBlob: boolean;
  /** Parts of the file that get a digest each: sorted, without overlap. */
  readonly ranges?: readonly ByteRange[];
}

/** What was computed. */
export interface FileHashes {
  readonly sha256: string;
  /** Raw digests of the chunks, 32 bytes each. */
  readonly leaves: Uint8Array;
  readonly gitBlobSha1?: string;
  /** Raw digests of the requested parts, 32 bytes each. */
  readonly rangeDigests?: Uint8Array;
}

/** Takes the bytes of a file in order and gives its digests at the end. */
export interface Hasher<T> {
  update(bytes: Uint8Array): void;
  digest(): T;
}

export type WholeHashes = Pick<FileHashes, 'sha256' | 'gitBlobSha1'>;
export type PartHashes = Pick<FileHashes, 'leaves' | 'rangeDigests'>;

/** Everything at once. */
export function createFileHasher(request: HashRequest): Hasher<FileHashes> {
  const whole = createWholeHasher(request);
  const parts = createPartHasher(request);
  return {
    update(bytes) {
      whole.update(bytes);
      parts.update(bytes);
    },
    digest: () => joinHashes(whole.digest(), parts.digest()),
  };
}

/** The digests that need every byte in order. */
export function createWholeHasher(request: HashRequest): Hasher<WholeHashes> {
  const sha256 = createHash('sha256');
  const gitBlob = request.gitBlob ? gitBlobHash(request.size) : undefined;
  return {
    update(bytes) {
      sha256.update(bytes);
      gitBlob?.update(bytes);
    },
    digest() {
      return { sha256: sha256.digest('hex'), ...(gitBlob && { gitBlobSha1: gitBlob.digest('hex') }) };
    },
  };
}

/** The digests of chunks and ranges: the other half of the work for a file that two threads share. */
export function createPartHasher(request: HashRequest): Hasher<PartHashes> {
  // The only leaf of a file of one chunk is its SHA-256, which is computed anyway.
  const chunks = hasManyChunks(request)
    ? createRangeHasher(chunksOf(request.size, request.chunkSize))
    : undefined;
  const ranges: RangeHasher | undefined = request.ranges && createRangeHasher(request.ranges);
  return {
    update(bytes) {
      chunks?.update(bytes);
      ranges?.update(bytes);
    },
    digest() {
      const leaves = chunks?.digests() ?? new Uint8Array(0);
      return { leaves, ...(ranges && { rangeDigests: ranges.digests() }) };
    },
  };
}

/** The two halves as one. */
export function joinHashes(whole: WholeHashes, parts: PartHashes): FileHashes {
  const leaves = parts.leaves.length > 0 ? parts.leaves : Buffer.from(whole.sha256, 'hex');
  return { ...whole, ...parts, leaves };
}

export function hasManyChunks(file: { readonly size: number; readonly chunkSize: number }): boolean {
  return file.size > file.chunkSize;
}

/** Git's object name: SHA-1 over a header and the bytes (git-scm.com/book, "Git Internals: Git Objects"). */
function gitBlobHash(size: number): Hash {
  return createHash('sha1').update(`blob ${size}\0`);
}
