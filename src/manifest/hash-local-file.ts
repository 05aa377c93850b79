import type { LocalBytes } from '../core/entry.ts';
import { isMlbomError } from '../core/errors.ts';
import { incomplete, type Problem } from '../core/problem.ts';
import { readRing, ringWriter } from './byte-ring.ts';
import {
  createFileHasher,
  createPartHasher,
  createWholeHasher,
  type FileHashes,
  type HashRequest,
  type PartHashes,
  type WholeHashes,
} from './file-hasher.ts';
import type { HashProgress } from './hash-progress.ts';
import { withLocalFile } from './local-file.ts';

/** A local file and what to compute of it: plain data, so that it can go to another thread. */
export interface HashTask extends HashRequest {
  /** For problems. */
  readonly path: string;
  readonly local: LocalBytes;
}

/** Hashes a file in this thread, in one read through `buffer`. */
export function hashLocalFile(
  task: HashTask,
  buffer: Uint8Array,
  progress: HashProgress,
): FileHashes | Problem {
  return orProblem(task, progress, () =>
    withLocalFile(task.local, task.path, (file) => {
      const hasher = createFileHasher(task);
      for (let length = file.readInto(buffer); length > 0; length = file.readInto(buffer)) {
        hasher.update(buffer.subarray(0, length));
        progress.addBytes(length);
      }
      file.finish();
      return hasher.digest();
    }),
  );
}

/** One half of a pair: reads the file into `ring` and hashes the whole. */
export function hashWholeIntoRing(
  task: HashTask,
  ring: SharedArrayBuffer,
  progress: HashProgress,
): WholeHashes | Problem {
  const writer = ringWriter(ring);
  try {
    return orProblem(task, progress, () =>
      withLocalFile(task.local, task.path, (file) => {
        const hasher = createWholeHasher(task);
        for (
          let slot = writer.slot(), length = file.readInto(slot);
          length > 0;
          length = file.readInto(slot)
        ) {
          writer.publish(length);
          hasher.update(slot.subarray(0, length));
          progress.addBytes(length);
          slot = writer.slot();
        }
        file.finish();
        return hasher.digest();
      }),
    );
  } finally {
    // Whatever happened, the other half must not wait for bytes that never come.
    writer.end();
  }
}

/** The other half: hashes the chunks and ranges of what comes through `ring`. Void when the first half has a problem. */
export function hashPartsFromRing(task: HashTask, ring: SharedArrayBuffer): PartHashes {
  const hasher = createPartHasher(task);
  for (const bytes of readRing(ring)) hasher.update(bytes);
  return hasher.digest();
}

/** What a failed read means for the result: the file is not in it, and says why. */
export function readProblem(error: unknown, path: string): Problem {
  if (!isMlbomError(error) || error.code === 'E_ABORTED' || error.code === 'E_INTERNAL') throw error;
  const code = error.rule === 'changed-while-read' ? error.rule : 'unreadable';
  return incomplete(code, path, error.message);
}

function orProblem<T>(task: HashTask, progress: HashProgress, hash: () => T): T | Problem {
  try {
    return hash();
  } catch (error) {
    return readProblem(error, task.path);
  } finally {
    progress.addFile();
  }
}
