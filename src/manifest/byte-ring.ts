import { readSize } from './local-file.ts';

const slots = 16;
const headerBytes = 128;
/** Places in the header: slots filled and slots given back since the start, then the length of each slot's content. */
const filled = 0;
const released = 1;
const lengths = 2;

/** The thread that reads. */
export interface RingWriter {
  /** The next free slot; waits until there is one. */
  slot(): Uint8Array;
  /** Hands the last slot over, with `length` bytes in it. Its bytes stay as they are until `slot` returns it again. */
  publish(length: number): void;
  /** Says that nothing follows. */
  end(): void;
}

/** Memory through which one thread hands the bytes of a file to another: 16 slots in turn. */
export function createByteRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(headerBytes + slots * readSize);
}

export function ringWriter(ring: SharedArrayBuffer): RingWriter {
  const header = new Int32Array(ring, 0, headerBytes / 4);
  let count = Atomics.load(header, filled);
  return { slot, publish, end };

  function slot(): Uint8Array {
    for (let back = Atomics.load(header, released); ; back = Atomics.load(header, released)) {
      // Both counters wrap at 2³¹; their difference does not.
      if (((count - back) | 0) < slots) return slotOf(ring, count);
      Atomics.wait(header, released, back);
    }
  }

  function publish(length: number): void {
    header[lengths + (count & (slots - 1))] = length;
    count = (count + 1) | 0;
    Atomics.store(header, filled, count);
    Atomics.notify(header, filled);
  }

  function end(): void {
    slot();
    publish(0);
  }
}

/** The thread that only hashes: each filled slot in order, given back when the next one is asked for. */
export function* readRing(ring: SharedArrayBuffer): Generator<Uint8Array, void> {
  const header = new Int32Array(ring, 0, headerBytes / 4);
  for (let count = Atomics.load(header, released); ; count = (count + 1) | 0) {
    while (Atomics.load(header, filled) === count) Atomics.wait(header, filled, count);
    const length = header[lengths + (count & (slots - 1))] ?? 0;
    if (length > 0) yield slotOf(ring, count).subarray(0, length);
    Atomics.store(header, released, (count + 1) | 0);
    Atomics.notify(header, released);
    if (length === 0) return;
  }
}

function slotOf(ring: SharedArrayBuffer, count: number): Uint8Array {
  return new Uint8Array(ring, headerBytes + (count & (slots - 1)) * readSize, readSize);
}
