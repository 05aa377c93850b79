import type { ByteSource } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { ByteWindow } from '../byte-window.ts';
import type { DirectoryEnd } from './directory-end.ts';
import { extraFields, zip64Values } from './extra-fields.ts';
import { zipName } from './member-name.ts';
import { zipError } from './zip-error.ts';
import type { AnomalyLog } from './zip-types.ts';

/** A file header of a central directory (APPNOTE 4.3.12). */
export interface DirectoryEntry {
  readonly name: string;
  /** Other names that some readers take for it: of an extra field, or what stands before a NUL. */
  readonly otherNames: readonly string[];
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly size: number;
  readonly compressedSize: number;
  /** In the file, with what was put before the archive. */
  readonly offset: number;
  /** Unix mode, 0 when there is none. */
  readonly mode: number;
}

const headerBytes = 46;
const signature = 0x02014b50;

/**
 * The entries of one directory. Some readers go by its size and some by the number of entries: this one goes on for
 * as long as there are entries, and says when that is not what was declared.
 * @throws MlbomError `E_LIMIT` (`zip-members`, `zip-directory-size`), `E_MALFORMED`
 */
export async function readDirectory(
  source: ByteSource,
  end: DirectoryEnd,
  log: AnomalyLog,
): Promise<DirectoryEntry[]> {
  const { start, base, entries: declared, size } = end;
  const mostBytes = limits.archiveDirectoryBytes;
  if (end.end - start > mostBytes) {
    throw zipError('E_LIMIT', 'directory-size', `a directory of more than ${mostBytes} bytes`, start);
  }
  if (declared > limits.archiveMembers && declared * headerBytes <= end.end - start) throw tooMany(start);
  const window = new ByteWindow(source, { format: 'zip', limit: end.end });
  window.seek(start);
  const entries: DirectoryEntry[] = [];
  while (window.remaining >= headerBytes) {
    await window.fill(headerBytes);
    const at = window.position;
    if (window.u32() !== signature) {
      window.seek(at);
      break;
    }
    if (entries.length === limits.archiveMembers) throw tooMany(at);
    entries.push(await readEntry(window, base, at, log));
  }
  const used = window.position - start;
  if (entries.length !== declared)
    log.add('entry-count', end.at, `${declared} entries declared, ${entries.length} found`);
  if (used !== size && used !== end.end - start)
    log.add('directory', window.position, `its entries end after ${used} of ${size} bytes`);
  return entries;
}

async function readEntry(
  window: ByteWindow,
  base: number,
  at: number,
  log: AnomalyLog,
): Promise<DirectoryEntry> {
  const madeBy = window.u16();
  window.u16();
  const flags = window.u16();
  const method = window.u16();
  window.u32();
  const crc32 = window.u32();
  const compressed = window.u32();
  const unpacked = window.u32();
  const [nameBytes, extraBytes, commentBytes] = [window.u16(), window.u16(), window.u16()];
  const disk = window.u16();
  window.u16();
  const attributes = window.u32();
  const relative = window.u32();
  const rawName = Uint8Array.from(await window.take(nameBytes));
  const extra = extraFields(await window.take(extraBytes));
  window.skip(commentBytes);
  const { name, otherNames } = namesOf(rawName, flags, extra.unicodePath);
  if (disk !== 0 && disk !== 0xffff) log.add('disk', at, `it is said to begin on disk ${disk}`, name);
  const [size, compressedSize, offset] = zip64Values(extra.zip64, [unpacked, compressed, relative]);
  // The upper byte tells the system: 3 is Unix, 19 is macOS; only they have a mode.
  const unix = madeBy >>> 8 === 3 || madeBy >>> 8 === 19;
  return {
    name,
    otherNames,
    flags,
    method,
    crc32,
    size,
    compressedSize,
    offset: base + offset,
    mode: unix ? attributes >>> 16 : 0,
  };
}

/** Info-ZIP's extra field takes the place of the name for some readers; Python ends a name at a NUL. */
function namesOf(
  raw: Uint8Array,
  flags: number,
  unicodePath: string | undefined,
): Pick<DirectoryEntry, 'name' | 'otherNames'> {
  const name = zipName(raw, flags);
  const nul = name.indexOf('\0');
  const others = new Set([unicodePath ?? name, nul < 0 ? name : name.slice(0, nul)]);
  others.delete(name);
  others.delete('');
  return { name, otherNames: [...others] };
}

function tooMany(offset: number): Error {
  return zipError('E_LIMIT', 'members', `more than ${limits.archiveMembers} members`, offset);
}
