import { closeSync, constants, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import type { LocalBytes } from '../core/entry.ts';
import { MlbomError, unreadable } from '../core/errors.ts';

/** Reads in one reused buffer: larger ones leave the second-level cache before the second hash sees the bytes. */
export const readSize = 512 * 1024;

/** An open file whose bytes are read once, in order. */
export interface LocalFile {
  /** Fills `buffer`, less at the end; 0 after it. */
  readInto(buffer: Uint8Array): number;
  /** @throws MlbomError `E_UNREADABLE`, rule `changed-while-read`, when the file is not what it was at the start */
  finish(): void;
}

/**
 * Opens a file for the time of `use`. The last part of its path must be a regular file: a link that was put there
 * since the walk is refused, and a FIFO cannot hang (O_NOFOLLOW, O_NONBLOCK).
 * @throws MlbomError `E_NOT_FOUND`, `E_UNREADABLE`; rule `changed-while-read` for a file that changed since it was listed
 */
export function withLocalFile<T>(local: LocalBytes, path: string, use: (file: LocalFile) => T): T {
  let descriptor: number | undefined;
  try {
    const name = typeof local.file === 'string' ? local.file : Buffer.from(local.file);
    descriptor = openSync(name, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return use(openedFile(descriptor, local, path));
  } catch (error) {
    throw isSystemError(error) ? unreadable(error, path) : error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** What the operating system says, as opposed to an error of ours. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function openedFile(descriptor: number, local: LocalBytes, path: string): LocalFile {
  const before = fstatSync(descriptor, { bigint: true });
  if (!before.isFile()) throw changed(path, 'it is no longer a regular file');
  if (!holds(before, local)) throw changed(path, 'its size is not the one that was listed');
  let position = 0;
  return {
    readInto(buffer) {
      const wanted = Math.min(buffer.length, local.length - position);
      if (wanted === 0) return 0;
      const got = readSync(descriptor, buffer, 0, wanted, local.offset + position);
      if (got === 0) throw changed(path, 'it became shorter');
      position += got;
      return got;
    },
    finish() {
      const after = fstatSync(descriptor, { bigint: true });
      const same =
        after.size === before.size && after.mtimeNs === before.mtimeNs && after.ctimeNs === before.ctimeNs;
      if (!same) throw changed(path, 'it was written to');
    },
  };
}

/** A whole file has exactly the listed size. A part never starts at 0: archives put a header before each member. */
function holds(stats: BigIntStats, local: LocalBytes): boolean {
  const end = BigInt(local.offset) + BigInt(local.length);
  return local.offset === 0 ? stats.size === end : stats.size >= end;
}

function changed(path: string, why: string): MlbomError {
  return new MlbomError('E_UNREADABLE', `${path}: changed while it was read: ${why}`, {
    subject: path,
    rule: 'changed-while-read',
    next: 'run again when nothing writes to it',
  });
}
