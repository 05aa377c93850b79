import { open, rename, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { MlbomError, messageOf } from '../core/errors.ts';

/**
 * Writes a file whole or not at all: beside its place, to the disk, then under its name.
 * @throws MlbomError `E_UNWRITABLE`
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o666,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new MlbomError('E_UNWRITABLE', `${path}: cannot be written (${messageOf(cause)})`, {
      subject: path,
      next: 'check that the directory exists and may be written to',
      cause,
    });
  }
}
