import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Problem } from '../core/problem.ts';
import { createByteRing } from './byte-ring.ts';
import { joinHashes, type FileHashes } from './file-hasher.ts';
import type { HashTask } from './hash-local-file.ts';
import type { HashPlan } from './hash-plan.ts';
import type { HashProgress } from './hash-progress.ts';
import type { HashOrder, HashReplies } from './hash-worker.ts';

/** Threads load JavaScript only; this is right from `src/` and from `dist/`. */
const workerFile = new URL('../../dist/manifest/hash-worker.js', import.meta.url);

/**
 * Carries out a plan in worker threads.
 * @throws an `AbortError` when `signal` is aborted, and the error of a thread that broke
 */
export async function hashInWorkers(
  plan: HashPlan<HashTask>,
  progress: HashProgress,
  signal: AbortSignal | undefined,
): Promise<Map<HashTask, FileHashes | Problem>> {
  const results = new Map<HashTask, FileHashes | Problem>();
  // Each queue is shared by all threads: whoever is free takes the next job.
  const pairs = plan.jobs.filter((job) => job.kind === 'pair').values();
  const solos = plan.jobs.filter((job) => job.kind === 'solo').values();
  const workers = Array.from(
    { length: plan.workers },
    () => new Worker(workerFile, { workerData: progress.shared }),
  );
  try {
    await Promise.all(inTwos(workers).map(workTogether));
    return results;
  } finally {
    // Not awaited: a thread that is stuck in a read from a dead mount must not hold up the answer.
    for (const worker of workers) void worker.terminate();
  }

  /** Two threads take pairs as long as there are any, then solos, each for itself; an odd one takes solos only. */
  async function workTogether([first, second]: readonly Worker[]): Promise<void> {
    if (!first) return;
    if (!second) return workAlone(first);
    for (const { file: task } of pairs) {
      const ring = createByteRing();
      const [whole, parts] = await Promise.all([
        ask(first, { kind: 'whole', task, ring }),
        ask(second, { kind: 'parts', task, ring }),
      ]);
      results.set(task, 'kind' in whole ? whole : joinHashes(whole, parts));
    }
    await Promise.all([workAlone(first), workAlone(second)]);
  }

  async function workAlone(worker: Worker): Promise<void> {
    for (const { files: tasks } of solos) {
      const hashed = await ask(worker, { kind: 'solo', tasks });
      hashed.forEach((result, at) => {
        const task = tasks[at];
        if (task) results.set(task, result);
      });
    }
  }

  async function ask<O extends HashOrder>(worker: Worker, order: O): Promise<HashReplies[O['kind']]> {
    const reply = once(worker, 'message', { ...(signal && { signal }) });
    worker.postMessage(order);
    return ((await reply) as [HashReplies[O['kind']]])[0];
  }
}

function inTwos<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / 2) }, (_, index) =>
    items.slice(2 * index, 2 * index + 2),
  );
}
