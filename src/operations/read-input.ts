import { open } from 'node:fs/promises';
import { MlbomError, unreadable } from '../core/errors.ts';

/**
 * A whole document from a file, or from standard input for `-`.
 * @throws MlbomError `E_NOT_FOUND`, `E_UNREADABLE`, `E_LIMIT` above `limit` bytes
 */
export async function readInput(
  path: string,
  limit: number,
  stdin: AsyncIterable<Uint8Array> = process.stdin,
): Promise<Uint8Array> {
  if (path === '-') return collect(stdin, limit, 'standard input');
  try {
    const file = await open(path, 'r');
    try {
      return await collect(file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 }), limit, path);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(error, path);
  }
}

/**
 * Standard input can be read once: of these inputs, one may be `-`.
 * @throws MlbomError `E_USAGE`
 */
export function assertOneStdin(paths: readonly (string | undefined)[]): void {
  if (paths.filter((path) => path === '-').length <= 1) return;
  throw new MlbomError('E_USAGE', 'standard input holds one document, not several', {
    next: 'name the others as files',
  });
}

async function collect(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
  subject: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > limit) {
      throw new MlbomError('E_LIMIT', `${subject}: more than ${limit} bytes`, {
        subject,
        rule: 'input-size',
      });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
