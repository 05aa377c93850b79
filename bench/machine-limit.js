// What the machine's cores give in SHA-256: threads that hash memory and do nothing else.
import { createHash, randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const block = 512 * 1024;
const chunk = 8 * 1024 ** 2;

/** Threads that are already running when the clock starts. */
export async function startLimit(threads) {
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url)));
  await Promise.all(workers.map((worker) => ask(worker, chunk)));
  return {
    /** Hashes `bytes` in all, half of them as wholes and half as chunks. */
    async hash(bytes) {
      const start = performance.now();
      const cpuStart = process.cpuUsage();
      await Promise.all(workers.map((worker) => ask(worker, bytes / threads)));
      const { user, system } = process.cpuUsage(cpuStart);
      return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
    },
    stop: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}

async function ask(worker, bytes) {
  const reply = once(worker, 'message');
  worker.postMessage(bytes);
  await reply;
}

if (!isMainThread) {
  const memory = randomFillSync(new Uint8Array(block));
  parentPort.on('message', (bytes) => {
    const whole = createHash('sha256');
    let leaf = createHash('sha256');
    for (let done = 0; done < bytes / 2; done += block) {
      whole.update(memory);
      leaf.update(memory);
      if ((done + block) % chunk === 0) {
        leaf.digest();
        leaf = createHash('sha256');
      }
    }
    whole.digest();
    parentPort.postMessage('done');
  });
}
