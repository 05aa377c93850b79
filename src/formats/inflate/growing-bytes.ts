const firstBytes = 64 * 1024;

/** Bytes that come out of something packed: memory grows with them, and never beyond a limit. */
export interface GrowingBytes {
  readonly length: number;
  /** True once there would have been more than the limit. */
  readonly full: boolean;
  add(chunk: Uint8Array): void;
  /** Adds `length` bytes that begin `back` bytes before the end; what it makes itself counts, so that a copy repeats. */
  repeat(back: number, length: number): void;
  bytes(): Uint8Array<ArrayBuffer>;
}

export function growingBytes(limit: number): GrowingBytes {
  let buffer = new Uint8Array(Math.min(limit, firstBytes));
  let used = 0;
  let full = false;
  return {
    get length() {
      return used;
    },
    get full() {
      return full;
    },
    add(chunk) {
      const kept = roomFor(chunk.length);
      buffer.set(chunk.subarray(0, kept), used);
      used += kept;
    },
    repeat(back, length) {
      const end = used + roomFor(length);
      const from = used - back;
      while (used < end) {
        const step = Math.min(end - used, used - from);
        buffer.copyWithin(used, from, from + step);
        used += step;
      }
    },
    bytes: () => buffer.subarray(0, used),
  };

  /** How many of the bytes are kept. */
  function roomFor(wanted: number): number {
    const kept = Math.min(wanted, limit - used);
    if (kept < wanted) full = true;
    if (used + kept > buffer.length) {
      const larger = new Uint8Array(Math.min(limit, Math.max(2 * buffer.length, used + kept)));
      larger.set(buffer.subarray(0, used));
      buffer = larger;
    }
    return kept;
  }
}
