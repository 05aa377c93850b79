import { limits } from '../../core/limits.ts';
import { escapes } from '../escapes.ts';
import type { DirectoryEntry } from './central-directory.ts';
import { isEncrypted } from './local-headers.ts';
import type { AnomalyLog, ZipMember } from './zip-types.ts';

const stored = 0;
const deflated = 8;
/** Below this a high ratio harms nobody: 100 KB of zeros are a thousandth of that. */
const smallestBomb = 1024 * 1024;

/** What an entry of the directory says by itself that it should not. */
export function checkEntry(entry: DirectoryEntry, log: AnomalyLog): void {
  const { name, offset, method, size, compressedSize } = entry;
  if (isEncrypted(entry.flags)) log.add('encrypted', offset, 'its flags say that it is encrypted', name);
  if (method !== stored && method !== deflated)
    log.add('method', offset, `it is compressed by method ${method}`, name);
  if (escapes(name))
    log.add('escaping-name', offset, 'its name leads out of the place it is unpacked to', name);
  if (typeOf(entry) === 'link') log.add('link', offset, 'it is a symbolic link', name);
  if (isBomb(entry)) log.add('ratio', offset, `${size} bytes are packed into ${compressedSize}`, name);
  if (name.endsWith('/') && size > 0) log.add('size', offset, 'a directory that has content', name);
  if (method === stored && size !== compressedSize && !isEncrypted(entry.flags))
    log.add('size', offset, `stored, with ${size} bytes that take ${compressedSize}`, name);
  for (const other of entry.otherNames)
    log.add('other-name', offset, `some readers call it ${JSON.stringify(other.slice(0, 200))}`, name);
}

/** What the member is; one that is called a directory and has content is read like a file. */
export function typeOf({ name, mode, size }: DirectoryEntry): ZipMember['type'] {
  if ((mode & 0xf000) === 0xa000) return 'link';
  return name.endsWith('/') && size === 0 ? 'directory' : 'file';
}

/** True when unpacking gives more than `limits.unpackedRatio` bytes for each that is packed. */
export function isBomb({ size, compressedSize }: Pick<ZipMember, 'size' | 'compressedSize'>): boolean {
  return size >= smallestBomb && size > compressedSize * limits.unpackedRatio;
}
