import { withSubject } from '../../core/errors.ts';
import type { Blob } from '../../core/image.ts';

/** The blob of a layer, whose place says in its errors which layer it could not give. */
export function namedBlob(blob: Blob, name: string): Blob {
  const read = blob.read?.bind(blob);
  return {
    size: blob.size,
    ...(blob.local ? { local: blob.local } : {}),
    async *stream(signal) {
      try {
        yield* blob.stream(signal);
      } catch (error) {
        throw withSubject(error, name);
      }
    },
    ...(read && {
      async read(range, signal) {
        return read(range, signal).catch((error: unknown) => {
          throw withSubject(error, name);
        });
      },
    }),
  };
}
