import { createHash } from 'node:crypto';
import type { ByteRange } from '../core/entry.ts';

/** SHA-256 of each of several parts of a file that is read once, in order. */
export interface RangeHasher {
  /** The next bytes of the file. */
  update(bytes: Uint8Array): void;
  /** The raw digests, 32 bytes for each range; complete once the end of the last range was passed in. */
  digests(): Uint8Array;
}

/** `ranges` are sorted and do not overlap; they may be empty and leave gaps. */
export function createRangeHasher(ranges: readonly ByteRange[]): RangeHasher {
  const digests = new Uint8Array(32 * ranges.length);
  let hash = createHash('sha256');
  let current = 0;
  let position = 0;
  // Empty ranges at the start of the file are complete before any byte.
  update(new Uint8Array(0));
  return { update, digests: () => digests };

  function update(bytes: Uint8Array): void {
    const start = position;
    position += bytes.length;
    for (let range = ranges[current]; range && range.offset <= position; range = ranges[current]) {
      const end = range.offset + range.length;
      const from = Math.max(range.offset, start);
      const to = Math.min(end, position);
      if (to > from) hash.update(bytes.subarray(from - start, to - start));
      if (end > position) return;
      digests.set(hash.digest(), 32 * current);
      hash = createHash('sha256');
      current++;
    }
  }
}
