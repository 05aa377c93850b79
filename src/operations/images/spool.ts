import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import type { KeptPart } from './kept-content.ts';

/** Bytes kept in memory before they go to the file. */
const shelfBuffer = 4 * 1024 * 1024;
/** All small things that are kept of one layer: the beginnings of a quarter of a million files. */
const shelfBytes = 1024 * 1024 * 1024;
/** Copies whose file is still open. */
const openCopies = 64;

/** A large file's copy. */
export interface SpoolCopy {
  /** False once no more could be kept; what came before stays readable. */
  append(bytes: Uint8Array): boolean;
  part(): KeptPart;
  /** It may make room for another one. */
  release(): void;
}

/** What is kept of the files of one layer while it passes by: small things together, large ones in files of their own. */
export interface Spool {
  /** Returns where the bytes are, for `kept`; nothing where there is no more room. */
  keep(bytes: Uint8Array): number | undefined;
  /** What was kept at a place, as the beginning of a file. */
  kept(place: number, length: number): KeptPart;
  /** Nothing where a copy of `size` bytes has no room. */
  copy(size: number): SpoolCopy | undefined;
  /** Forgets everything. */
  close(): void;
}

/**
 * Private temporary files: without a name while they are open, where the system allows it, so that nothing of them is
 * left whatever ends the process.
 * @param room bytes of all large copies at one time
 */
export function createSpool(room: number = limits.spoolFileBytes): Spool {
  const shelf = createShelf();
  const copies = new Set<Copy>();
  let used = 0;

  return {
    keep: (bytes) => shelf.keep(bytes),
    kept: (place, length) => shelf.kept(place, length),
    copy(size) {
      if (size > limits.spoolFileBytes || size > room) return undefined;
      for (const old of copies) {
        if (used + size <= room && copies.size < openCopies) break;
        if (old.released) forget(old);
      }
      if (used + size > room || copies.size >= openCopies) return undefined;
      const file = openPrivate();
      if (!file) return undefined;
      const copy: Copy = { file, size, length: 0, released: false };
      copies.add(copy);
      used += size;
      return {
        append(bytes) {
          if (copy.length + bytes.length > size || !append(file.descriptor, bytes)) return false;
          copy.length += bytes.length;
          return true;
        },
        part: () => ({
          start: 0,
          length: copy.length,
          read: (offset, length) => readFrom(file, offset, length),
        }),
        release() {
          copy.released = true;
        },
      };
    },
    close() {
      for (const copy of [...copies]) forget(copy);
      shelf.close();
    },
  };

  function forget(copy: Copy): void {
    copies.delete(copy);
    used -= copy.size;
    copy.file.close();
  }
}

interface Copy {
  readonly file: PrivateFile;
  readonly size: number;
  length: number;
  released: boolean;
}

interface PrivateFile {
  readonly descriptor: number;
  isOpen: boolean;
  close(): void;
}

/** Small things, one after the other. */
function createShelf(): Pick<Spool, 'keep' | 'kept' | 'close'> {
  let buffer: Buffer | undefined;
  let file: PrivateFile | undefined;
  let buffered = 0;
  let written = 0;
  let closed = false;
  return {
    keep(bytes) {
      const start = written + buffered;
      if (start + bytes.length > shelfBytes || !makeRoom(bytes.length)) return undefined;
      if (bytes.length > shelfBuffer) {
        if (!file || !append(file.descriptor, bytes)) return undefined;
        written += bytes.length;
      } else {
        buffer ??= Buffer.allocUnsafeSlow(shelfBuffer);
        buffer.set(bytes, buffered);
        buffered += bytes.length;
      }
      return start;
    },
    kept: (place, length) => ({ start: 0, length, read: (offset, count) => read(place + offset, count) }),
    close() {
      closed = true;
      buffer = undefined;
      file?.close();
    },
  };

  /** Empties the buffer into the file when it is too full. */
  function makeRoom(length: number): boolean {
    if (buffered + length <= shelfBuffer) return true;
    file ??= openPrivate();
    if (!file) return false;
    if (buffer && buffered > 0 && !append(file.descriptor, buffer.subarray(0, buffered))) return false;
    written += buffered;
    buffered = 0;
    return true;
  }

  function read(start: number, length: number): Uint8Array | undefined {
    if (closed) return undefined;
    if (start < written) return file && readFrom(file, start, length);
    return buffer && new Uint8Array(buffer.subarray(start - written, start - written + length));
  }
}

function readFrom(file: PrivateFile, position: number, length: number): Uint8Array | undefined {
  if (!file.isOpen) return undefined;
  const bytes = Buffer.allocUnsafe(length);
  for (let got = 0; got < length;) {
    const count = readSync(file.descriptor, bytes, got, length - got, position + got);
    if (count === 0) return undefined;
    got += count;
  }
  return bytes;
}

/** A full disk costs the copy, not the layer. */
function append(descriptor: number, bytes: Uint8Array): boolean {
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done, bytes.length - done);
    return true;
  } catch {
    return false;
  }
}

function openPrivate(): PrivateFile | undefined {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(tmpdir(), 'mlbom-layer-'));
    const name = join(directory, 'copy');
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const descriptor = openSync(name, flags, 0o600);
    const left = unlinked(name) && removed(directory) ? undefined : directory;
    const file: PrivateFile = {
      descriptor,
      isOpen: true,
      close() {
        if (!file.isOpen) return;
        file.isOpen = false;
        closeSync(descriptor);
        if (left !== undefined) removed(left);
      },
    };
    return file;
  } catch {
    if (directory !== undefined) removed(directory);
    return undefined;
  }
}

function unlinked(name: string): boolean {
  try {
    unlinkSync(name);
    return true;
  } catch {
    return false;
  }
}

function removed(directory: string): boolean {
  try {
    rmSync(directory, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
