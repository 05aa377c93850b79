import { availableParallelism } from 'node:os';
import type { ByteRange, Entry } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import type { ManifestFile } from '../core/manifest.ts';
import type { Problem } from '../core/problem.ts';
import { throwIfAborted } from '../core/throw-if-aborted.ts';
import { chunkRootOf } from './chunk-root.ts';
import { chunkSizeOf } from './chunk-size.ts';
import type { FileHashes, HashRequest } from './file-hasher.ts';
import { hashHere } from './hash-here.ts';
import type { HashTask } from './hash-local-file.ts';
import { planHashing, type HashPlan } from './hash-plan.ts';
import { hashInWorkers } from './hash-pool.ts';
import { createHashProgress, type HashProgress } from './hash-progress.ts';
import { hashStream } from './hash-stream.ts';

/** What an entry's bytes are: its line of the manifest, and what stands beside it. */
export interface HashedFile extends ManifestFile {
  readonly kind: 'hashed';
  /** Raw SHA-256 digests of the chunks, 32 bytes each. */
  readonly leaves: Uint8Array;
  /** Git's object name, when the place promises one. */
  readonly gitBlobSha1?: string;
  /** SHA-256 of each requested tensor range, in hex. */
  readonly tensorDigests?: readonly string[];
}

/** A hashed file, or why it could not be hashed: `unreadable`, `changed-while-read`. */
export type HashResult = HashedFile | Problem;

export interface HashingProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
}

export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called about ten times a second, and once at the end. */
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
  /** Parts of an entry that get a digest each in the same read: sorted, without overlap, inside the file. */
  readonly tensorRanges?: ((entry: Entry) => readonly ByteRange[] | undefined) | undefined;
  /** Threads; 0 hashes in this one. When absent: one for each core, none for little work. */
  readonly workers?: number | undefined;
}

/**
 * SHA-256 of each entry as a whole and of its chunks, from one read. Local files go through worker threads, largest
 * first; other entries are streamed, in their order, in this thread. Results stand in the order of `entries`.
 * @throws MlbomError `E_ABORTED`; `E_MALFORMED` for tensor ranges that overlap or leave the file
 */
export async function hashEntries(
  entries: readonly Entry[],
  options: HashOptions = {},
): Promise<HashResult[]> {
  const { signal } = options;
  throwIfAborted(signal);
  const requests = new Map(entries.map((entry) => [entry, requestFor(entry, options.tensorRanges?.(entry))]));
  const progress = createHashProgress();
  const stopReporting = reportProgress(entries, progress, options.onProgress);
  try {
    const [local, streamed] = await Promise.all([
      hashLocalEntries(requests, progress, options),
      hashStreamedEntries(requests, progress, signal),
    ]);
    return entries.map((entry) => resultOf(entry, local.get(entry) ?? streamed.get(entry)));
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    stopReporting();
  }
}

type Requests = ReadonlyMap<Entry, HashRequest>;
type Hashes = ReadonlyMap<Entry, FileHashes | Problem>;

async function hashLocalEntries(
  requests: Requests,
  progress: HashProgress,
  options: HashOptions,
): Promise<Hashes> {
  const tasks = new Map<HashTask, Entry>();
  for (const [entry, request] of requests) {
    if (entry.local) tasks.set({ ...request, path: entry.path, local: entry.local }, entry);
  }
  const plan = planFor([...tasks.keys()], options.workers);
  const hashed = await (plan.workers > 0 ? hashInWorkers : hashHere)(plan, progress, options.signal);
  const hashes = new Map<Entry, FileHashes | Problem>();
  for (const [task, entry] of tasks) {
    const result = hashed.get(task);
    if (result) hashes.set(entry, result);
  }
  return hashes;
}

async function hashStreamedEntries(
  requests: Requests,
  progress: HashProgress,
  signal: AbortSignal | undefined,
): Promise<Hashes> {
  const hashes = new Map<Entry, FileHashes | Problem>();
  for (const [entry, request] of requests) {
    if (!entry.local) hashes.set(entry, await hashStream(entry, request, progress, signal));
  }
  return hashes;
}

function requestFor(entry: Entry, ranges: readonly ByteRange[] | undefined): HashRequest {
  if (ranges) checkRanges(entry, ranges);
  return {
    size: entry.size,
    chunkSize: chunkSizeOf(entry.size),
    gitBlob: entry.promises.some((promise) => promise.algorithm === 'git-blob-sha1'),
    ...(ranges && { ranges }),
  };
}

function checkRanges(entry: Entry, ranges: readonly ByteRange[]): void {
  let end = 0;
  for (const { offset, length } of ranges) {
    if (!(offset >= end && length >= 0 && offset + length <= entry.size)) {
      throw new MlbomError('E_MALFORMED', `${entry.path}: tensor ranges overlap or leave the file`, {
        subject: entry.path,
        rule: 'tensor-ranges',
      });
    }
    end = offset + length;
  }
}

function planFor(tasks: readonly HashTask[], workers: number | undefined): HashPlan<HashTask> {
  if (workers === undefined) return planHashing(tasks, availableParallelism());
  if (workers > 0) return planHashing(tasks, workers, { inline: false });
  return { ...planHashing(tasks, 1), workers: 0 };
}

function resultOf(entry: Entry, hashes: FileHashes | Problem | undefined): HashResult {
  if (!hashes) {
    throw new MlbomError('E_INTERNAL', `${entry.path}: no thread hashed it`, { subject: entry.path });
  }
  if ('kind' in hashes) return hashes;
  const { sha256, leaves, gitBlobSha1, rangeDigests } = hashes;
  return {
    kind: 'hashed',
    path: entry.path,
    size: entry.size,
    sha256,
    chunkSize: chunkSizeOf(entry.size),
    chunkRoot: chunkRootOf(leaves),
    leaves,
    ...(gitBlobSha1 !== undefined && { gitBlobSha1 }),
    ...(rangeDigests && { tensorDigests: hexDigests(rangeDigests) }),
  };
}

function hexDigests(digests: Uint8Array): string[] {
  const hex = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength).toString('hex');
  return hex.match(/.{64}/g) ?? [];
}

/** Looks at the counters now and then; returns how to stop. */
function reportProgress(
  entries: readonly Entry[],
  progress: HashProgress,
  onProgress: HashOptions['onProgress'],
): () => void {
  if (!onProgress) return () => undefined;
  const totals = {
    totalBytes: entries.reduce((sum, entry) => sum + entry.size, 0),
    totalFiles: entries.length,
  };
  const tell = () => {
    onProgress({ ...progress.done(), ...totals });
  };
  const timer = setInterval(tell, 100).unref();
  return () => {
    clearInterval(timer);
    tell();
  };
}
