import type { ByteRange, ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';

/**
 * A part of a source as a source of its own.
 * @throws MlbomError `E_MALFORMED` for a part that the source does not have, and for reads past the part's end
 */
export function subrange(source: ByteSource, { offset, length }: ByteRange): ByteSource {
  assertInside({ offset, length }, source.size);
  return {
    size: length,
    async read(range) {
      assertInside(range, length);
      return source.read({ offset: offset + range.offset, length: range.length });
    },
  };
}

function assertInside({ offset, length }: ByteRange, size: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (whole && offset >= 0 && length >= 0 && offset <= size - length) return;
  throw new MlbomError('E_MALFORMED', `no ${length} bytes at ${offset} of ${size}`, {
    rule: 'past-the-end',
    offset,
  });
}
