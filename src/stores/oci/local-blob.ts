import type { FileHandle } from 'node:fs/promises';
import type { ByteRange, LocalBytes } from '../../core/entry.ts';
import { MlbomError, unreadable } from '../../core/errors.ts';
import type { Blob } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';
import { openRegularFile } from '../file-entry.ts';

const streamBytes = 512 * 1024;

/** A local blob always gives parts. */
export type LocalBlob = Blob & Required<Pick<Blob, 'local' | 'read'>>;

/** A file, or a part of one, as a blob. It is opened for each read: a link in its place is refused. */
export function localBlob(local: LocalBytes, subject: string): LocalBlob {
  return {
    size: local.length,
    local,
    stream: (signal) => streamOf(local, subject, signal),
    read: (range, signal) => rangeOf(local, range, subject, signal),
  };
}

async function* streamOf(
  local: LocalBytes,
  subject: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const handle = await openLocal(local, subject);
  try {
    for (let at = 0; at < local.length; at += streamBytes) {
      throwIfAborted(signal);
      yield await exactly(handle, local.offset + at, Math.min(streamBytes, local.length - at), subject);
    }
  } finally {
    await handle.close();
  }
}

async function rangeOf(
  local: LocalBytes,
  { offset, length }: ByteRange,
  subject: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  throwIfAborted(signal);
  const isRange = [offset, length].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!isRange || offset > local.length - length) {
    throw new MlbomError('E_MALFORMED', `${subject}: no ${length} bytes at ${offset} of ${local.length}`, {
      subject,
      rule: 'past-the-end',
    });
  }
  if (length > limits.readBytes) {
    throw new MlbomError('E_LIMIT', `${subject}: a read of ${length} bytes is too large`, { subject });
  }
  const handle = await openLocal(local, subject);
  try {
    return await exactly(handle, local.offset + offset, length, subject);
  } finally {
    await handle.close();
  }
}

function openLocal({ file }: LocalBytes, subject: string): Promise<FileHandle> {
  return openRegularFile(typeof file === 'string' ? file : Buffer.from(file), subject);
}

async function exactly(
  handle: FileHandle,
  position: number,
  length: number,
  subject: string,
): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let got = 0; got < length;) {
    const { bytesRead } = await handle
      .read(bytes, got, length - got, position + got)
      .catch((error: unknown) => {
        throw unreadable(error, subject);
      });
    if (bytesRead === 0) {
      throw new MlbomError('E_UNREADABLE', `${subject}: became shorter while it was read`, { subject });
    }
    got += bytesRead;
  }
  return bytes;
}
