import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { LayerResult, LayerTask } from '../../core/layer.ts';
import { createHashProgress } from '../../manifest/hash-progress.ts';
import { demandBytes } from './blob-port.ts';
import { readLayer, type LayerPassOptions } from './layer-pass.ts';
import { plainError, type PlainError } from './plain-error.ts';
import { readLocalLayer } from './read-local-layer.ts';

/** What a thread that reads layers is told to do. Each order gets one reply. */
export interface LayerOrder {
  readonly task: LayerTask;
  readonly name: string;
  readonly room: number;
  /** Where the bytes of a layer come from that does not lie on this machine. */
  readonly port?: MessagePort;
}

export type LayerReply =
  | { readonly kind: 'read'; readonly result: LayerResult }
  | { readonly kind: 'failed'; readonly error: PlainError };

const progress = createHashProgress(workerData as SharedArrayBuffer);

parentPort?.on('message', (order: LayerOrder) => {
  void carryOut(order).then((reply) => parentPort?.postMessage(reply));
});

async function carryOut({ task, name, room, port }: LayerOrder): Promise<LayerReply> {
  const options: LayerPassOptions = {
    name,
    room,
    onProgress: (bytes) => {
      progress.addBytes(bytes);
    },
  };
  try {
    if (!port) {
      if (!task.local) throw new Error(`${name}: nothing to read`);
      return { kind: 'read', result: await readLocalLayer(task, task.local, options) };
    }
    const again = (): AsyncIterable<Uint8Array> => demandBytes(port);
    return { kind: 'read', result: await readLayer(task, again(), { ...options, again }) };
  } catch (error) {
    return { kind: 'failed', error: plainError(error) };
  } finally {
    progress.addFile();
    port?.close();
  }
}
