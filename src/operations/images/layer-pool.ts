import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';
import { formatDigest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Blob } from '../../core/image.ts';
import type { LayerResult, LayerTask } from '../../core/layer.ts';
import { limits } from '../../core/limits.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';
import type { HashingProgress } from '../../manifest/hash-entries.ts';
import { createHashProgress, type HashProgress } from '../../manifest/hash-progress.ts';
import { supplyBytes } from './blob-port.ts';
import type { LayerOrder, LayerReply } from './layer-worker.ts';
import { errorFrom } from './plain-error.ts';

/** A layer to read. */
export interface LayerInput {
  readonly task: LayerTask;
  /** For messages: `layer 3 of 5`. */
  readonly name: string;
  /** Called where the task does not say that the bytes lie on this machine. */
  open(signal?: AbortSignal): Promise<Blob>;
}

export interface ReadLayersOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called about ten times a second, and once at the end. Bytes are those of the blobs, files are layers. */
  readonly onProgress?: ((progress: HashingProgress) => void) | undefined;
  /** Threads; 0 reads in this one. When absent: one for each core, none for little work. */
  readonly workers?: number | undefined;
}

/** Threads load JavaScript only; this is right from `src/` and from `dist/`. */
const workerFile = new URL('../../../dist/operations/images/layer-worker.js', import.meta.url);
/** Each has an engine, every collector and some megabytes of layer: about 60 MiB. */
const mostReaders = 4;
/** Reading this much takes about as long as starting a thread with all collectors (200 ms). */
const inlineBytes = 16 * 1024 * 1024;

/**
 * Reads and verifies layers, largest first, in worker threads. What is the same blob is read once.
 * @returns the results in the order of `inputs`
 * @throws MlbomError of the first layer that fails, as `readLayer`; `E_ABORTED`
 */
export async function readLayers(
  inputs: readonly LayerInput[],
  options: ReadLayersOptions = {},
): Promise<LayerResult[]> {
  const { signal } = options;
  throwIfAborted(signal);
  const jobs = jobsOf(inputs);
  const readers = readersFor(jobs, options.workers);
  const progress = createHashProgress();
  const stopReporting = report(jobs, progress, options.onProgress);
  const stop = new AbortController();
  const all = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  // The queue is shared by all: whoever is free takes the next job.
  const queue = jobs.values();
  const results: Results = new Map();
  const here = readers.here ? readHere(queue, results, progress, all) : Promise.resolve();
  try {
    await Promise.all([here, readInWorkers(queue, results, progress, all, readers.workers)]);
    return inputs.map((input) => {
      const result = results.get(keyOf(input));
      if (!result) throw new MlbomError('E_INTERNAL', `${input.name}: nobody read it`);
      return result;
    });
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    // Whatever still comes from a registry is not wanted any more.
    stop.abort();
    // What it copied has to be removed before anybody goes on.
    await here.catch(() => undefined);
    stopReporting();
  }
}

type Results = Map<string, LayerResult>;

/** Each blob once, largest first. */
function jobsOf(inputs: readonly LayerInput[]): LayerInput[] {
  const jobs = new Map<string, LayerInput>();
  for (const input of inputs) {
    const key = keyOf(input);
    if (!jobs.has(key)) jobs.set(key, input);
  }
  return [...jobs.values()].sort((a, b) => b.task.size - a.task.size);
}

/** Equal for what is the same blob, read in the same way: two places are two, whatever they promise. */
function keyOf({ task, name }: LayerInput): string {
  const { digest, diffId, size, content, chunks, describe, local } = task;
  const place = local
    ? [Buffer.from(local.file).toString('base64'), local.offset, local.length]
    : [digest ? formatDigest(digest) : name];
  return JSON.stringify([place, digest, diffId, size, content, chunks, describe]);
}

/** How many threads read beside this one, and whether this one does. */
function readersFor(
  jobs: readonly LayerInput[],
  wanted: number | undefined,
): { readonly workers: number; readonly here: boolean } {
  if (wanted !== undefined) return { workers: Math.min(wanted, jobs.length), here: wanted === 0 };
  const bytes = jobs.reduce((sum, { task }) => sum + task.size, 0);
  if (bytes < inlineBytes) return { workers: 0, here: true };
  // This thread has every collector loaded and nothing else to do: one thread less is 60 to 100 MB less.
  return { workers: Math.min(availableParallelism(), jobs.length, mostReaders) - 1, here: true };
}

async function readHere(
  queue: Iterable<LayerInput>,
  results: Results,
  progress: HashProgress,
  signal: AbortSignal,
): Promise<void> {
  // Loaded where they are used: all collectors come with them, and threads have their own.
  const { readLayer } = await import('./layer-pass.ts');
  const { readLocalLayer } = await import('./read-local-layer.ts');
  for (const job of queue) {
    const { task, name } = job;
    const onProgress = (bytes: number): void => {
      progress.addBytes(bytes);
    };
    const blob = task.local ? { local: task.local } : await job.open(signal);
    const { local } = blob;
    const options = { name, signal, onProgress };
    const result = local
      ? await readLocalLayer(task, local, options)
      : await readLayer(task, streamOf(job, blob as Blob, signal), {
          ...options,
          again: () => streamOf(job, undefined, signal),
        });
    results.set(keyOf(job), result);
    progress.addFile();
  }
}

async function readInWorkers(
  queue: Iterable<LayerInput>,
  results: Results,
  progress: HashProgress,
  signal: AbortSignal,
  count: number,
): Promise<void> {
  const room = Math.min(limits.spoolFileBytes, Math.floor(limits.spoolTotalBytes / (count + 1)));
  const workers = Array.from(
    { length: count },
    () => new Worker(workerFile, { workerData: progress.shared }),
  );
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const job of queue) results.set(keyOf(job), await readIn(worker, job, room, signal));
      }),
    );
  } finally {
    // Not awaited: a thread that is stuck in a read from a dead mount must not hold up the answer.
    for (const worker of workers) void worker.terminate();
  }
}

async function readIn(
  worker: Worker,
  job: LayerInput,
  room: number,
  signal: AbortSignal,
): Promise<LayerResult> {
  const { task, name } = job;
  const blob = task.local ? undefined : await job.open(signal);
  const local = task.local ?? blob?.local;
  const order: LayerOrder = { task: local ? { ...task, local } : task, name, room };
  const reply = replyOf(worker, name, signal);
  if (local) worker.postMessage(order);
  else {
    const { port1, port2 } = new MessageChannel();
    let first = blob;
    supplyBytes(port1, () => {
      const stream = streamOf(job, first, signal);
      first = undefined;
      return stream;
    });
    worker.postMessage({ ...order, port: port2 }, [port2]);
    void reply
      .finally(() => {
        port1.close();
      })
      .catch(() => undefined);
  }
  const answer = await reply;
  if (answer.kind === 'failed') throw errorFrom(answer.error);
  return answer.result;
}

/** A thread that ends without an answer is an error, too. */
async function replyOf(worker: Worker, name: string, signal: AbortSignal): Promise<LayerReply> {
  const done = new AbortController();
  const either = { signal: AbortSignal.any([signal, done.signal]) };
  try {
    const ended = once(worker, 'exit', either).then(() => {
      throw new MlbomError('E_INTERNAL', `${name}: the thread that read it ended`, { subject: name });
    });
    const [reply] = (await Promise.race([once(worker, 'message', either), ended])) as [LayerReply];
    return reply;
  } finally {
    done.abort();
  }
}

/** The bytes of a blob that is open, or is opened now. */
async function* streamOf(
  job: LayerInput,
  blob: Blob | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  yield* (blob ?? (await job.open(signal))).stream(signal);
}

/** Looks at the counters now and then; returns how to stop. */
function report(
  jobs: readonly LayerInput[],
  progress: HashProgress,
  onProgress: ReadLayersOptions['onProgress'],
): () => void {
  if (!onProgress) return () => undefined;
  const totals = {
    totalBytes: jobs.reduce((sum, { task }) => sum + task.size, 0),
    totalFiles: jobs.length,
  };
  const tell = (): void => {
    onProgress({ ...progress.done(), ...totals });
  };
  const timer = setInterval(tell, 100).unref();
  return () => {
    clearInterval(timer);
    tell();
  };
}
