import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { chunkSizeOf } from '../../src/manifest/chunk-size.ts';
import { planHashing, type HashPlan, type PlannedFile } from '../../src/manifest/hash-plan.ts';

const MiB = 1024 * 1024;

test('little work stays in the main thread', () => {
  expect(planHashing(files(5, 1, 0.1), 8)).toMatchObject({ workers: 0 });
});

test('little work goes to threads when the caller wants threads', () => {
  expect(planHashing(files(5), 8, { inline: false })).toMatchObject({ workers: 1 });
});

test('many tiny files are work too', () => {
  const tiny = Array.from({ length: 10_000 }, () => 0.001);
  expect(planHashing(files(...tiny), 4).workers).toBe(4);
});

test('a single large file is shared by two threads', () => {
  const plan = planHashing(files(2048), 4);
  expect(pairs(plan)).toEqual([2048]);
  expect(plan.workers).toBe(2);
});

test('on one core nothing is shared', () => {
  expect(pairs(planHashing(files(2048, 1024), 1))).toEqual([]);
});

test('equal shards that fill the threads need no pair', () => {
  expect(pairs(planHashing(files(512, 512, 512, 512, 512, 512, 512, 512), 2))).toEqual([]);
});

test('of three equal shards on two threads one is shared', () => {
  expect(pairs(planHashing(files(512, 512, 512), 2))).toHaveLength(1);
});

test('only the file that would hold up the end is shared', () => {
  expect(pairs(planHashing(files(100, 4096, 100, 100, 100), 4))).toEqual([4096]);
});

test('files of one chunk are never shared, because they are hashed once', () => {
  expect(pairs(planHashing(files(8, 8, 8, 8, 8, 8, 8, 8, 8), 2))).toEqual([]);
});

test('large files come first and small ones travel together', () => {
  const plan = planHashing(files(1, 1, 300, 1, 200, 1), 2);
  const sizes = plan.jobs.map((job) =>
    (job.kind === 'pair' ? [job.file] : job.files).map((file) => file.size / MiB),
  );
  expect(sizes.flat()).toEqual([300, 200, 1, 1, 1, 1]);
  expect(sizes.at(-1)).toEqual([1, 1, 1, 1]);
});

test('every file is planned once, pairs come first, and no more threads start than there are or is work for', () => {
  const size = fc.oneof(fc.nat(20), fc.nat(5000));
  fc.assert(
    fc.property(fc.array(size, { maxLength: 60 }), fc.integer({ min: -1, max: 80 }), (sizes, cores) => {
      const input = files(...sizes);
      const plan = planHashing(input, cores);
      const planned = plan.jobs.flatMap((job) => (job.kind === 'pair' ? [job.file] : job.files));
      expect(new Set(planned)).toEqual(new Set(input));
      expect(planned).toHaveLength(input.length);
      expect(plan.jobs.map((job) => job.kind)).toEqual(plan.jobs.map((job) => job.kind).sort());
      expect(plan.workers).toBeLessThanOrEqual(Math.min(Math.max(1, cores), limits.hashWorkers));
      if (pairs(plan).length > 0) expect(plan.workers).toBeGreaterThanOrEqual(2);
    }),
  );
});

test('as many files as an artifact may have are planned', () => {
  const many = Array.from({ length: limits.filesPerArtifact }, (_, index) => ({
    size: index,
    chunkSize: 8 * MiB,
  }));
  expect(planHashing(many, limits.hashWorkers).workers).toBeGreaterThan(0);
});

/** Sizes in MiB. */
function files(...sizes: readonly number[]): PlannedFile[] {
  return sizes.map((size) => ({ size: size * MiB, chunkSize: chunkSizeOf(size * MiB) }));
}

function pairs(plan: HashPlan<PlannedFile>): number[] {
  return plan.jobs.flatMap((job) => (job.kind === 'pair' ? [job.file.size / MiB] : []));
}
