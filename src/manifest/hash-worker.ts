import { parentPort, workerData } from 'node:worker_threads';
import type { Problem } from '../core/problem.ts';
import type { FileHashes, PartHashes, WholeHashes } from './file-hasher.ts';
import { hashLocalFile, hashPartsFromRing, hashWholeIntoRing, type HashTask } from './hash-local-file.ts';
import { createHashProgress } from './hash-progress.ts';
import { readSize } from './local-file.ts';

/** What a hashing thread is told to do. Each order gets one reply. */
export type HashOrder =
  | { readonly kind: 'solo'; readonly tasks: readonly HashTask[] }
  | { readonly kind: 'whole' | 'parts'; readonly task: HashTask; readonly ring: SharedArrayBuffer };

/** What it answers, by the kind of the order. */
export interface HashReplies {
  solo: readonly (FileHashes | Problem)[];
  whole: WholeHashes | Problem;
  parts: PartHashes;
}

const progress = createHashProgress(workerData as SharedArrayBuffer);
const buffer = new Uint8Array(readSize);

parentPort?.on('message', (order: HashOrder) => {
  parentPort?.postMessage(carryOut(order));
});

function carryOut(order: HashOrder): HashReplies[HashOrder['kind']] {
  switch (order.kind) {
    case 'solo':
      return order.tasks.map((task) => hashLocalFile(task, buffer, progress));
    case 'whole':
      return hashWholeIntoRing(order.task, order.ring, progress);
    case 'parts':
      return hashPartsFromRing(order.task, order.ring);
  }
}
