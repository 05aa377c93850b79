import { MlbomError } from '../../core/errors.ts';
import type { PagedReader } from '../paged-reader.ts';
import { Hdf5Cursor, type Hdf5Widths } from './hdf5-cursor.ts';
import { hdf5Error } from './hdf5-error.ts';

export interface Superblock extends Hdf5Widths {
  readonly version: number;
  /** Where addresses count from, in the file. */
  readonly base: number;
  /** Address of the object header of the root group. */
  readonly root: number;
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Enough for every version with eight-byte addresses. */
const longest = 96;

/** True for bytes with the signature at `offset`. */
export function isHdf5At(bytes: Uint8Array, offset = 0): boolean {
  return signature.every((byte, i) => bytes[offset + i] === byte);
}

/**
 * The superblock (HDF5 File Format Specification II.A): at 0, or behind a user block at 512, 1024, 2048, ….
 * @throws MlbomError `E_MALFORMED` for other files and for one that is shorter than its superblock says,
 * `E_UNSUPPORTED` for versions after 3
 */
export async function readSuperblock(reader: PagedReader): Promise<Superblock> {
  const start = await findSuperblock(reader);
  const bytes = await reader.bytes(start, Math.min(longest, reader.size - start));
  const version = bytes[signature.length] ?? 0;
  if (version > 3)
    throw hdf5Error('E_UNSUPPORTED', 'superblock', `a superblock of version ${version}`, start);
  const superblock = version < 2 ? readOld(bytes, version) : readNew(bytes, version);
  // Behind a user block that somebody put there later, all moves with it; the library takes it so too.
  const base = start;
  // Unlike all other addresses, the end counts from the start of the file.
  const end = superblock.end + base - superblock.base;
  if (end > reader.size) throw hdf5Error('E_MALFORMED', 'truncated', `it should end at ${end}`, start);
  return { ...superblock, version, base };
}

async function findSuperblock(reader: PagedReader): Promise<number> {
  for (let offset = 0; offset + signature.length <= reader.size; offset = offset === 0 ? 512 : 2 * offset) {
    if (isHdf5At(await reader.bytes(offset, signature.length))) return offset;
  }
  throw new MlbomError('E_MALFORMED', 'hdf5: it has no signature', { rule: 'hdf5-signature' });
}

type Fields = Hdf5Widths & { readonly base: number; readonly end: number; readonly root: number };

/** Versions 0 and 1. */
function readOld(bytes: Uint8Array, version: number): Fields {
  const widths = widthsOf(bytes[13], bytes[14]);
  const cursor = new Hdf5Cursor(bytes, widths);
  cursor.skip(version === 0 ? 24 : 28);
  const base = needed(cursor.address());
  cursor.address();
  const end = needed(cursor.address());
  cursor.address();
  // The root group's symbol table entry: the offset of its name, then its object header.
  cursor.address();
  return { ...widths, base, end, root: needed(cursor.address()) };
}

/** Versions 2 and 3. */
function readNew(bytes: Uint8Array, version: number): Fields {
  const widths = widthsOf(bytes[9], bytes[10]);
  const cursor = new Hdf5Cursor(bytes, widths);
  cursor.skip(12);
  const base = needed(cursor.address());
  cursor.address();
  const end = needed(cursor.address());
  const root = needed(cursor.address());
  if (cursor.remaining < 4)
    throw hdf5Error('E_MALFORMED', 'superblock', `version ${version} without checksum`);
  return { ...widths, base, end, root };
}

function widthsOf(offsetBytes = 0, lengthBytes = 0): Hdf5Widths {
  for (const width of [offsetBytes, lengthBytes]) {
    if (width !== 2 && width !== 4 && width !== 8)
      throw hdf5Error('E_UNSUPPORTED', 'width', `addresses or lengths of ${width} bytes`);
  }
  return { offsetBytes, lengthBytes };
}

function needed(address: number | undefined): number {
  if (address !== undefined) return address;
  throw hdf5Error('E_MALFORMED', 'superblock', 'an address of the superblock is not defined');
}
