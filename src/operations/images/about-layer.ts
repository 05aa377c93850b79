import { isMlbomError, MlbomError } from '../../core/errors.ts';
import type { Blob } from '../../core/image.ts';

/** An error of a place, with the layer that it is about: `layer 3 of 5 (sha256:…)`. */
export function aboutLayer(error: unknown, name: string): unknown {
  if (!isMlbomError(error) || error.code === 'E_ABORTED') return error;
  const [short = name] = name.split(' (');
  if (error.message.startsWith(short)) return error;
  const { code, message, subject = name, next, rule, offset } = error;
  return new MlbomError(code, `${name}: ${message}`, {
    subject,
    ...(next === undefined ? {} : { next }),
    ...(rule === undefined ? {} : { rule }),
    ...(offset === undefined ? {} : { offset }),
    cause: error,
  });
}

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
        throw aboutLayer(error, name);
      }
    },
    ...(read && {
      async read(range, signal) {
        return read(range, signal).catch((error: unknown) => {
          throw aboutLayer(error, name);
        });
      },
    }),
  };
}
