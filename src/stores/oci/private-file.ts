import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMlbomError, MlbomError, messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';

/** A copy that only this user can read. */
export interface PrivateFile {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  remove(): Promise<void>;
}

/**
 * Writes a stream to a file in a directory of its own. Nothing is left when it fails.
 * @param subject what is copied, for messages
 * @throws MlbomError `E_LIMIT` beyond `limits.layerBytes`, `E_UNWRITABLE`, `E_ABORTED`; what the stream throws
 */
export async function privateFile(
  stream: AsyncIterable<Uint8Array>,
  subject: string,
  signal?: AbortSignal,
): Promise<PrivateFile> {
  const directory = await orUnwritable(mkdtemp(join(tmpdir(), 'mlbom-image-')));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const file = join(directory, 'archive.tar');
  let size = 0;
  try {
    const handle = await orUnwritable(open(file, 'wx', 0o600));
    try {
      for await (const bytes of stream) {
        throwIfAborted(signal);
        size += bytes.length;
        if (size > limits.layerBytes) throw tooLarge(subject);
        await orUnwritable(handle.appendFile(bytes));
      }
    } finally {
      await handle.close();
    }
    return { file, size, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function tooLarge(subject: string): MlbomError {
  return new MlbomError('E_LIMIT', `${subject}: more than ${limits.layerBytes} bytes`, {
    subject,
    rule: 'image-archive-bytes',
  });
}

async function orUnwritable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isMlbomError(error)) throw error;
    throw new MlbomError('E_UNWRITABLE', `a temporary file cannot be written: ${messageOf(error)}`, {
      next: 'make room, or set TMPDIR to a directory that has it',
      cause: error,
    });
  }
}
