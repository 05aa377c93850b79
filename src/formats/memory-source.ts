import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read({ offset, length }) {
      if (offset >= 0 && length >= 0 && offset + length <= bytes.length) {
        return Promise.resolve(bytes.subarray(offset, offset + length));
      }
      const message = `no ${length} bytes at ${offset} of ${bytes.length}`;
      return Promise.reject(new MlbomError('E_MALFORMED', message, { rule: 'past-the-end', offset }));
    },
  };
}
