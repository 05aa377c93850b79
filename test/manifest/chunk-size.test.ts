import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { chunkRootOf } from '../../src/manifest/chunk-root.ts';
import { chunkCountOf, chunksOf, chunkSizeOf } from '../../src/manifest/chunk-size.ts';
import { createRangeHasher } from '../../src/manifest/range-hasher.ts';

const MiB = 1024 * 1024;

test('the chunk size is 8 MiB up to 10,000 chunks and doubles after that', () => {
  const most = 8 * MiB * 10_000;
  expect(chunkSizeOf(0)).toBe(8 * MiB);
  expect(chunkSizeOf(most)).toBe(8 * MiB);
  expect(chunkSizeOf(most + 1)).toBe(16 * MiB);
  expect(chunkSizeOf(2 * most + 1)).toBe(32 * MiB);
});

test('an empty file has one chunk', () => {
  expect(chunksOf(0)).toEqual([{ offset: 0, length: 0 }]);
});

test('the chunks of any file cover it without gaps and are at most 10,000', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: limits.fileBytes }), (size) => {
      expect(chunkCountOf(size)).toBeLessThanOrEqual(limits.chunksPerFile);
      const chunks = chunksOf(size);
      let end = 0;
      for (const { offset, length } of chunks) {
        expect(offset).toBe(end);
        end += length;
      }
      expect(end).toBe(size);
    }),
    { numRuns: 20 },
  );
});

test('a chunk root is the composite SHA-256 that S3 states for these parts', () => {
  const part = 5 * MiB;
  const hasher = createRangeHasher([
    { offset: 0, length: part },
    { offset: part, length: part },
  ]);
  hasher.update(Buffer.alloc(part, 1));
  hasher.update(Buffer.alloc(part, 2));
  const root = Buffer.from(chunkRootOf(hasher.digests()), 'hex').toString('base64');
  expect(root).toBe('cmL3reV7bB1FR+C9DfmNjH8DeaY9GroN1gn5O4CE1vo=');
});
