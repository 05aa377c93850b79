import { closeSync, constants, fstatSync, openSync, read as readWithCallback, readSync } from 'node:fs';
import { promisify } from 'node:util';
import type { LocalBytes } from '../../core/entry.ts';
import { MlbomError, unreadable } from '../../core/errors.ts';

/** A blob that lies on this machine, open as long as it is read. */
export interface LocalLayer {
  /** All bytes, once, in order; the next piece is on its way while one is used. */
  stream(): AsyncGenerator<Uint8Array, void>;
  /** Exactly these bytes. */
  read(offset: number, length: number): Uint8Array;
  /** @throws MlbomError `E_UNREADABLE` (`changed-while-read`) when the file is not what it was */
  finish(): void;
  close(): void;
}

const readFile = promisify(readWithCallback);
const pieceBytes = 512 * 1024;

/**
 * The last part of the path must be a regular file: a link in its place is refused, and a FIFO cannot hang.
 * @throws MlbomError `E_NOT_FOUND`, `E_UNREADABLE`
 */
export function openLocalLayer(local: LocalBytes, name: string): LocalLayer {
  const descriptor = opened(local, name);
  const before = fstatSync(descriptor, { bigint: true });
  const isWhole = local.offset === 0;
  const end = BigInt(local.offset) + BigInt(local.length);
  if (!before.isFile() || before.size < end || (isWhole && before.size !== end)) {
    closeSync(descriptor);
    throw changed(name, 'its file is not the one that was listed');
  }
  return {
    async *stream() {
      let next = piece(0);
      for (let at = 0; at < local.length; at += pieceBytes) {
        const bytes = await next;
        next = piece(at + pieceBytes);
        // Whoever stops here does not hear of it.
        next.catch(() => undefined);
        yield bytes;
      }
      await next;
    },
    read(offset, length) {
      const bytes = Buffer.allocUnsafe(length);
      for (let got = 0; got < length;) {
        const count = readSync(descriptor, bytes, got, length - got, local.offset + offset + got);
        if (count === 0) throw changed(name, 'its file became shorter');
        got += count;
      }
      return bytes;
    },
    finish() {
      const after = fstatSync(descriptor, { bigint: true });
      const { size, mtimeNs, ctimeNs } = before;
      if (after.size !== size || after.mtimeNs !== mtimeNs || after.ctimeNs !== ctimeNs) {
        throw changed(name, 'its file was written to');
      }
    },
    close() {
      closeSync(descriptor);
    },
  };

  async function piece(start: number): Promise<Uint8Array> {
    const length = Math.max(0, Math.min(pieceBytes, local.length - start));
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let got = 0; got < length;) {
      const { bytesRead } = await readFile(
        descriptor,
        bytes,
        got,
        length - got,
        local.offset + start + got,
      ).catch((error: unknown) => {
        throw unreadable(error, name);
      });
      if (bytesRead === 0) throw changed(name, 'its file became shorter');
      got += bytesRead;
    }
    return bytes;
  }
}

function opened({ file }: LocalBytes, name: string): number {
  try {
    const path = typeof file === 'string' ? file : Buffer.from(file);
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(error, name);
  }
}

function changed(name: string, why: string): MlbomError {
  return new MlbomError('E_UNREADABLE', `${name}: changed while it was read: ${why}`, {
    subject: name,
    rule: 'changed-while-read',
    next: 'run again when nothing writes to it',
  });
}
