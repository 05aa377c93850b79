import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';

/**
 * All bytes of a small file.
 * @throws MlbomError `E_LIMIT` when it is larger than `limit` bytes
 */
export async function readAll(source: ByteSource, limit: number, subject: string): Promise<Uint8Array> {
  if (source.size > limit) {
    throw new MlbomError(
      'E_LIMIT',
      `${subject}: ${source.size} bytes, more than the ${limit} that are read`,
      {
        subject,
        rule: 'file-size',
      },
    );
  }
  return source.read({ offset: 0, length: source.size });
}
