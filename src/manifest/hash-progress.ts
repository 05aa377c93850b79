/** Bytes and files done, counted in shared memory by every thread and looked at by one. */
export interface HashProgress {
  /** What to hand to another thread. */
  readonly shared: SharedArrayBuffer;
  addBytes(count: number): void;
  addFile(): void;
  done(): { readonly bytes: number; readonly files: number };
}

export function createHashProgress(shared: SharedArrayBuffer = new SharedArrayBuffer(16)): HashProgress {
  const counts = new BigInt64Array(shared);
  return {
    shared,
    addBytes(count) {
      Atomics.add(counts, 0, BigInt(count));
    },
    addFile() {
      Atomics.add(counts, 1, 1n);
    },
    done: () => ({ bytes: Number(Atomics.load(counts, 0)), files: Number(Atomics.load(counts, 1)) }),
  };
}
