import type { ByteRange, Entry, Promised } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';

/** A part of a file that can still be read. */
export interface KeptPart {
  /** Where it begins in the file. */
  readonly start: number;
  readonly length: number;
  /** Exactly these bytes, counted from `start`; undefined when they are gone. */
  read(offset: number, length: number): Uint8Array | undefined;
}

/** What can be read of a file in a layer after it went by. */
export interface KeptContent {
  /** Of the file. */
  readonly size: number;
  readonly parts: readonly KeptPart[];
}

const streamBytes = 512 * 1024;

/** True when the first `wanted` bytes are there, or all. */
export function hasFirst({ size, parts }: KeptContent, wanted: number): boolean {
  const bytes = Math.min(size, wanted);
  return bytes === 0 || parts.some(({ start, length }) => start === 0 && length >= bytes);
}

/**
 * Exactly these bytes.
 * @throws MlbomError `E_MALFORMED` past the end of the file, `E_LIMIT` (`not-kept`) for what was not kept
 */
export function readKept({ size, parts }: KeptContent, { offset, length }: ByteRange): Uint8Array {
  const isRange = [offset, length].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!isRange || offset > size - length) {
    throw new MlbomError('E_MALFORMED', `no ${length} bytes at ${offset} of ${size}`, {
      rule: 'past-the-end',
      offset,
    });
  }
  if (length === 0) return new Uint8Array();
  for (const part of parts) {
    if (offset < part.start || offset + length > part.start + part.length) continue;
    const bytes = part.read(offset - part.start, length);
    if (bytes) return bytes;
  }
  throw new MlbomError('E_LIMIT', `of a file in a layer, ${length} bytes at ${offset} are not kept`, {
    rule: 'not-kept',
    offset,
  });
}

/** A file of a layer as an entry. */
export function keptEntry(path: string, content: KeptContent, promises: readonly Promised[]): Entry {
  const { size } = content;
  return {
    kind: 'entry',
    path,
    size,
    access: 'stream',
    promises,
    head: (n) => settled(() => readKept(content, { offset: 0, length: Math.min(n, size) })),
    read: (range) => settled(() => readKept(content, range)),
    async *stream() {
      for (let offset = 0; offset < size; offset += streamBytes) {
        const range = { offset, length: Math.min(streamBytes, size - offset) };
        yield await settled(() => readKept(content, range));
      }
    },
  };
}

/** An entry that has no bytes yet, to ask who wants it by its name, its size and its beginning. */
export function namedEntry(path: string, size: number): Entry {
  return {
    kind: 'entry',
    path,
    size,
    access: 'stream',
    promises: none,
    head: notHere,
    read: notHere,
    stream: noStream,
  };
}

const none: readonly Promised[] = [];

async function* noStream(): AsyncGenerator<Uint8Array> {
  yield await notHere();
}

function notHere(): Promise<never> {
  return Promise.reject(new MlbomError('E_INTERNAL', 'a file in a layer was read before it came'));
}

function settled<T>(read: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(read());
  });
}
