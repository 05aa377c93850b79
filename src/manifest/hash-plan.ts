import { limits } from '../core/limits.ts';
import { hasManyChunks } from './file-hasher.ts';

/** A file as far as planning needs it. */
export interface PlannedFile {
  /** Bytes. */
  readonly size: number;
  readonly chunkSize: number;
}

/**
 * `solo`: one thread hashes wholes and chunks of these files, one after the other;
 * `pair`: one thread reads a file and hashes the whole, a second one hashes the chunks from the same bytes.
 */
export type HashJob<T> =
  { readonly kind: 'solo'; readonly files: readonly T[] } | { readonly kind: 'pair'; readonly file: T };

export interface HashPlan<T> {
  /** Threads to start; none when the work is done sooner than a thread starts. */
  readonly workers: number;
  /** In the order to hand them out: pairs first, then largest first. */
  readonly jobs: readonly HashJob<T>[];
}

const mebibyte = 1024 * 1024;
/** Hashing this much takes about as long as starting a thread (40 ms). */
const inlineCost = 64 * mebibyte;
/** Opening, checking and closing a file takes about as long as hashing this many bytes. */
const fileCost = mebibyte / 16;
/** Small files travel in batches, so that a message is not sent for each. */
const batchCost = 16 * mebibyte;
const batchFiles = 256;

/**
 * Plans the hashing of `files` on `cores` threads so that it ends as early as possible: largest first, and as many of
 * the largest in pairs as bring the end forward. With `inline: false` even little work goes to threads.
 */
export function planHashing<T extends PlannedFile>(
  files: readonly T[],
  cores: number,
  options = { inline: true },
): HashPlan<T> {
  const sorted = files.toSorted((a, b) => b.size - a.size);
  const costs = sorted.map(soloCost);
  const threads = Math.min(Math.max(1, cores), limits.hashWorkers);
  const inline = options.inline && sum(costs) < inlineCost;
  const pairs = inline ? 0 : bestPairCount(costs, threads, sorted.filter(hasManyChunks).length);

  const shared = sorted.slice(0, pairs).map((file) => ({ kind: 'pair', file }) as const);
  const jobs = [...shared, ...batches(sorted.slice(pairs))];
  return { workers: inline ? 0 : Math.min(threads, jobs.length + pairs), jobs };
}

/** In bytes hashed. */
function soloCost(file: PlannedFile): number {
  return fileCost + file.size * (hasManyChunks(file) ? 2 : 1);
}

/** The smallest number of pairs with the earliest end. More pairs than threads never help: what is left is small by then. */
function bestPairCount(costs: readonly number[], threads: number, eligible: number): number {
  if (threads < 2) return 0;
  let best = 0;
  let earliest = makespan(costs, threads, 0);
  for (let pairs = 1; pairs <= Math.min(eligible, threads); pairs++) {
    const end = makespan(costs, threads, pairs);
    if (end >= earliest) continue;
    earliest = end;
    best = pairs;
  }
  return best;
}

/**
 * When list scheduling ends, with the first `pairs` files in pairs. Only the largest files are simulated one by one;
 * the many small ones after them fill the gaps like a fluid.
 */
function makespan(costs: readonly number[], threads: number, pairs: number): number {
  const couples = Array.from({ length: Math.floor(threads / 2) }, () => 0);
  for (const cost of costs.slice(0, pairs)) addToEarliest(couples, cost / 2);
  const ends = [...couples, ...couples, ...(threads % 2 === 1 ? [0] : [])];

  const simulated = pairs + 8 * threads;
  for (const cost of costs.slice(pairs, simulated)) addToEarliest(ends, cost);
  const total = sum(costs);
  return Math.max(...ends, total / threads);
}

function addToEarliest(ends: number[], cost: number): void {
  const earliest = ends.indexOf(Math.min(...ends));
  ends[earliest] = (ends[earliest] ?? 0) + cost;
}

function batches<T extends PlannedFile>(files: readonly T[]): HashJob<T>[] {
  const jobs: { kind: 'solo'; files: T[] }[] = [];
  let room = 0;
  for (const file of files) {
    const cost = soloCost(file);
    const last = jobs.at(-1);
    if (last && cost <= room && last.files.length < batchFiles) {
      last.files.push(file);
      room -= cost;
    } else {
      jobs.push({ kind: 'solo', files: [file] });
      room = batchCost - cost;
    }
  }
  return jobs;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
