import type { ByteRange } from '../core/entry.ts';
import { limits } from '../core/limits.ts';

/**
 * Bytes per chunk of a file of `size` bytes: 8 MiB, doubled while there would be more than 10,000 chunks.
 * These are the part size that S3 clients start from and the number of parts that S3 allows, so that a chunk root
 * equals the composite SHA-256 of an upload in such parts.
 */
export function chunkSizeOf(size: number): number {
  let chunkSize: number = limits.chunkBytes;
  while (size / chunkSize > limits.chunksPerFile) chunkSize *= 2;
  return chunkSize;
}

/** Number of chunks; an empty file has one, as an empty upload has one part. */
export function chunkCountOf(size: number, chunkSize: number = chunkSizeOf(size)): number {
  return Math.max(1, Math.ceil(size / chunkSize));
}

/** The chunks of a file, in order. The last one is shorter. */
export function chunksOf(size: number, chunkSize: number = chunkSizeOf(size)): ByteRange[] {
  return Array.from({ length: chunkCountOf(size, chunkSize) }, (_, index) => {
    const offset = index * chunkSize;
    return { offset, length: Math.min(chunkSize, size - offset) };
  });
}
