import { setImmediate } from 'node:timers/promises';
import type { Problem } from '../core/problem.ts';
import { throwIfAborted } from '../core/throw-if-aborted.ts';
import type { FileHashes } from './file-hasher.ts';
import { hashLocalFile, type HashTask } from './hash-local-file.ts';
import type { HashPlan } from './hash-plan.ts';
import type { HashProgress } from './hash-progress.ts';
import { readSize } from './local-file.ts';

/**
 * Carries out a plan in this thread, which gets to other work between jobs.
 * @throws MlbomError `E_ABORTED`
 */
export async function hashHere(
  plan: HashPlan<HashTask>,
  progress: HashProgress,
  signal: AbortSignal | undefined,
): Promise<Map<HashTask, FileHashes | Problem>> {
  const results = new Map<HashTask, FileHashes | Problem>();
  const buffer = new Uint8Array(plan.jobs.length > 0 ? readSize : 0);
  for (const job of plan.jobs) {
    for (const task of job.kind === 'solo' ? job.files : [job.file]) {
      results.set(task, hashLocalFile(task, buffer, progress));
    }
    await setImmediate();
    throwIfAborted(signal);
  }
  return results;
}
