import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { errorFrom, plainError, type PlainError } from './plain-error.ts';

/** What the thread that reads says. */
type Demand =
  /** From the first byte on. */
  | { readonly kind: 'start' }
  /** So many bytes were used. */
  | { readonly kind: 'used'; readonly bytes: number }
  | { readonly kind: 'stop' };

/** What the thread that has the bytes says. */
type Supply =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly error: PlainError };

/** Bytes on their way to the other thread. */
const inFlight = 4 * 1024 * 1024;

/** Sends what `open` gives, each time the other side starts anew, and never more than it keeps up with. */
export function supplyBytes(port: MessagePort, open: () => AsyncIterable<Uint8Array>): void {
  let ahead = 0;
  let run = 0;
  let wake = (): void => undefined;
  port.on('message', (demand: Demand) => {
    if (demand.kind === 'used') ahead -= demand.bytes;
    else run++;
    if (demand.kind === 'start') void send(run);
    wake();
  });

  async function send(mine: number): Promise<void> {
    try {
      ahead = 0;
      for await (const bytes of open()) {
        while (ahead >= inFlight && mine === run) await new Promise<void>((resolve) => (wake = resolve));
        if (mine !== run) return;
        // A copy: the bytes may be a part of a buffer in which others lie, too.
        const copy = new Uint8Array(bytes);
        ahead += copy.length;
        post({ kind: 'bytes', bytes: copy }, [copy.buffer]);
      }
      if (mine === run) post({ kind: 'end' });
    } catch (error) {
      if (mine === run) post({ kind: 'failed', error: plainError(error) });
    }
  }

  function post(supply: Supply, transfer: ArrayBuffer[] = []): void {
    port.postMessage(supply, transfer);
  }
}

/** The bytes that the other side of the port supplies, from the first one. */
export async function* demandBytes(port: MessagePort): AsyncGenerator<Uint8Array, void> {
  const waiting: Supply[] = [];
  const listen = (supply: Supply): void => {
    waiting.push(supply);
  };
  port.on('message', listen);
  demand({ kind: 'start' });
  try {
    for (;;) {
      if (waiting.length === 0) await once(port, 'message');
      const supply = waiting.shift();
      if (supply?.kind === 'end') return;
      if (supply?.kind === 'failed') throw errorFrom(supply.error);
      if (supply?.kind !== 'bytes') continue;
      yield supply.bytes;
      demand({ kind: 'used', bytes: supply.bytes.length });
    }
  } finally {
    port.off('message', listen);
    demand({ kind: 'stop' });
  }

  function demand(message: Demand): void {
    port.postMessage(message);
  }
}
