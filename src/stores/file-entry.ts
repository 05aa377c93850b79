import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import type { ByteRange, Entry, Promised } from '../core/entry.ts';
import { MlbomError, unreadable } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

const streamBytes = 512 * 1024;
/** A link put in a file's place is refused, and a FIFO cannot hang the open. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export interface FileEntryOptions {
  /** Within the store, escaped. */
  readonly path: string;
  /** The absolute path without links. */
  readonly real: Buffer;
  /** Bytes. */
  readonly size: number;
  readonly link?: string | undefined;
  readonly sameAs?: string | undefined;
  readonly promises?: readonly Promised[] | undefined;
}

/** An entry for a file on this machine. It is opened for each read and holds nothing open in between. */
export function fileEntry(options: FileEntryOptions): Entry {
  const { path, real, size, link, sameAs } = options;
  return {
    kind: 'entry',
    path,
    size,
    access: 'random',
    promises: options.promises ?? [],
    ...(link !== undefined && { link }),
    ...(sameAs !== undefined && { sameAs }),
    local: { file: fileName(real), offset: 0, length: size },
    head: (n) => readHead(options, Math.min(n, size)),
    read: (range) => readRange(options, range),
    stream: () => streamFile(options),
  };
}

/**
 * Opens what must be a regular file. A link put in its place is refused, and a FIFO cannot hang the open.
 * @throws MlbomError `E_NOT_FOUND`, `E_UNREADABLE`
 */
export async function openRegularFile(file: string | Buffer, subject: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, flags);
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    await handle?.close();
    throw unreadable(error, subject);
  }
  await handle.close();
  throw notRegular(subject);
}

function notRegular(subject: string): MlbomError {
  return new MlbomError('E_UNREADABLE', `${subject}: not a regular file`, { subject });
}

/**
 * The beginning of a file, without a thread: every file of a tree is looked at, and four jumps to the thread pool and
 * back cost ten times what the calls themselves do.
 */
function readHead({ path, real }: FileEntryOptions, length: number): Promise<Uint8Array> {
  let file: number | undefined;
  try {
    file = openSync(real, flags);
    if (!fstatSync(file).isFile()) return Promise.reject(notRegular(path));
    const bytes = Buffer.allocUnsafe(length);
    return Promise.resolve(bytes.subarray(0, readSync(file, bytes, 0, length, 0)));
  } catch (error) {
    return Promise.reject(unreadable(error, path));
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

async function readRange(
  { path, real, size }: FileEntryOptions,
  { offset, length }: ByteRange,
): Promise<Uint8Array> {
  if (!(Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0)) {
    throw new MlbomError('E_MALFORMED', `${path}: no such range: ${length} bytes at ${offset}`, {
      subject: path,
    });
  }
  if (offset > size - length) {
    throw new MlbomError('E_MALFORMED', `${path}: ends at ${size}, before ${length} bytes at ${offset}`, {
      subject: path,
      offset,
      rule: 'past-the-end',
    });
  }
  if (length > limits.readBytes) {
    throw new MlbomError('E_LIMIT', `${path}: a read of ${length} bytes is too large`, {
      subject: path,
      offset,
    });
  }
  const handle = await openRegularFile(real, path);
  try {
    const bytes = Buffer.allocUnsafeSlow(length);
    await fill(handle, bytes, offset, path);
    return bytes;
  } catch (error) {
    throw unreadable(error, path);
  } finally {
    await handle.close();
  }
}

async function* streamFile({ path, real, size }: FileEntryOptions): AsyncGenerator<Uint8Array, void> {
  const handle = await openRegularFile(real, path);
  try {
    for (let offset = 0; offset < size; offset += streamBytes) {
      const bytes = Buffer.allocUnsafeSlow(Math.min(streamBytes, size - offset));
      await fill(handle, bytes, offset, path);
      yield bytes;
    }
  } catch (error) {
    throw unreadable(error, path);
  } finally {
    await handle.close();
  }
}

async function fill(handle: FileHandle, bytes: Buffer, offset: number, path: string): Promise<void> {
  for (let got = 0; got < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, got, bytes.length - got, offset + got);
    if (bytesRead === 0) {
      throw new MlbomError('E_UNREADABLE', `${path}: became shorter while it was read`, { subject: path });
    }
    got += bytesRead;
  }
}

function fileName(real: Buffer): string | Buffer {
  return isUtf8(real) ? real.toString('utf8') : real;
}
