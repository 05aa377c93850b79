import type { Entry } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import { throwIfAborted } from '../core/throw-if-aborted.ts';
import { createFileHasher, type FileHashes, type HashRequest } from './file-hasher.ts';
import { readProblem } from './hash-local-file.ts';
import type { HashProgress } from './hash-progress.ts';

/**
 * Hashes an entry that comes as a stream.
 * @throws MlbomError `E_ABORTED`
 */
export async function hashStream(
  entry: Entry,
  request: HashRequest,
  progress: HashProgress,
  signal: AbortSignal | undefined,
): Promise<FileHashes | Problem> {
  const hasher = createFileHasher(request);
  let size = 0;
  try {
    for await (const bytes of entry.stream()) {
      throwIfAborted(signal);
      size += bytes.length;
      if (size > entry.size) break;
      hasher.update(bytes);
      progress.addBytes(bytes.length);
    }
    if (size !== entry.size) throw streamChanged(entry);
    return hasher.digest();
  } catch (error) {
    return readProblem(error, entry.path);
  } finally {
    progress.addFile();
  }
}

function streamChanged(entry: Entry): MlbomError {
  return new MlbomError('E_UNREADABLE', `${entry.path}: its size is not the one that was listed`, {
    subject: entry.path,
    rule: 'changed-while-read',
  });
}
