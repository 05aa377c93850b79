import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MlbomError, messageOf } from '../core/errors.ts';

/**
 * Writes a file whole or not at all: beside its place, to the disk, then under its name. A link of that name is
 * replaced, not followed; a device or a pipe (`/dev/stdout`, `>(…)`) is written to.
 * @throws MlbomError `E_UNWRITABLE`
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o666,
): Promise<void> {
  try {
    if (await isStream(path)) await writeFile(path, content);
    else await writeBeside(path, content, mode);
  } catch (cause) {
    throw new MlbomError('E_UNWRITABLE', `${path}: cannot be written (${messageOf(cause)})`, {
      subject: path,
      next: 'check that the directory exists and may be written to',
      cause,
    });
  }
}

/** What no other file can be put in the place of. */
async function isStream(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

async function writeBeside(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.mlbom-${randomBytes(6).toString('hex')}.tmp`);
  const remove = (): void => {
    rmSync(temporary, { force: true });
  };
  process.once('exit', remove);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
    process.off('exit', remove);
  }
}
