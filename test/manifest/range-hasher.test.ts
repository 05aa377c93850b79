import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRangeHasher } from '../../src/manifest/range-hasher.ts';

test('however the bytes arrive, each range gets the digest of its own bytes', () => {
  const cuts = fc.array(fc.nat(300), { maxLength: 12 }).map((numbers) => numbers.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), cuts, cuts, (bytes, bounds, splits) => {
      const inside = bounds.map((bound) => Math.min(bound, bytes.length));
      // Every second stretch between the bounds is a range; equal bounds make it empty.
      const ranges = inside.flatMap((from, at) => {
        const to = inside[at + 1];
        return at % 2 === 0 && to !== undefined ? [{ offset: from, length: to - from }] : [];
      });
      const hasher = createRangeHasher(ranges);
      let at = 0;
      for (const split of [...splits, bytes.length]) {
        hasher.update(bytes.subarray(at, Math.max(at, split)));
        at = Math.max(at, split);
      }
      const expected = ranges.map(({ offset, length }) => {
        return createHash('sha256')
          .update(bytes.subarray(offset, offset + length))
          .digest();
      });
      expect(Buffer.from(hasher.digests())).toEqual(Buffer.concat(expected));
    }),
  );
});
