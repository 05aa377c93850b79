import type { ByteSource, Entry } from './entry.ts';

const streamBytes = 512 * 1024;

/**
 * A member of an archive as an entry, for the walk to dispatch again.
 * Its path is the archive's, `!/`, and its own name; what is stated of it is stated of the file that holds it.
 */
export function memberEntry(archive: Entry, name: string, bytes: ByteSource): Entry {
  const { size } = bytes;
  return {
    kind: 'entry',
    path: `${archive.path}!/${name}`,
    container: archive.container ?? archive.path,
    size,
    access: 'random',
    promises: [],
    head: (n) => bytes.read({ offset: 0, length: Math.min(n, size) }),
    read: (range) => bytes.read(range),
    async *stream() {
      for (let offset = 0; offset < size; offset += streamBytes) {
        yield await bytes.read({ offset, length: Math.min(streamBytes, size - offset) });
      }
    },
  };
}
