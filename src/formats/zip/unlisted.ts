import type { ByteRange, ByteSource } from '../../core/entry.ts';
import type { ByteWindow } from '../byte-window.ts';
import type { DirectoryEntry } from './central-directory.ts';
import { readLocalHeader, type LocalHeader } from './local-headers.ts';

/** Bytes of one gap that are searched; a reader that goes by local headers alone looks where the last member ended. */
const searchedBytes = 64 * 1024;
const mostMembers = 256;

export interface Unlisted {
  readonly members: readonly (readonly [DirectoryEntry, LocalHeader])[];
  /** True when there is nothing but zeros: padding. */
  readonly zeros: boolean;
}

/** The local headers in a part of an archive that no directory speaks of, from the `budget` bytes that may be searched. */
export async function unlistedIn(
  source: ByteSource,
  window: ByteWindow,
  { offset, length }: ByteRange,
  budget: number,
): Promise<Unlisted> {
  const searched = Math.min(length, searchedBytes, budget);
  const bytes = Buffer.from(await source.read({ offset, length: searched }));
  const members: [DirectoryEntry, LocalHeader][] = [];
  for (let at = 0; members.length < mostMembers;) {
    const next = bytes.indexOf('PK\u0003\u0004', at, 'latin1');
    if (next < 0) break;
    at = next + 4;
    const local = await readLocalHeader(window, offset + next, offset + length);
    if (!local || local.name === '') continue;
    members.push([entryOf(local, offset + next), local]);
    at = Math.max(at, local.dataStart + local.compressedSize - offset);
    if (at > bytes.length) break;
  }
  return { members, zeros: searched === length && bytes.every((byte) => byte === 0) };
}

function entryOf(local: LocalHeader, offset: number): DirectoryEntry {
  const { name, flags, method, crc32, size, compressedSize } = local;
  return { name, otherNames: [], flags, method, crc32, size, compressedSize, offset, mode: 0 };
}
