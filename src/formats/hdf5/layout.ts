import type { ByteRange } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { decodeText, Hdf5Cursor } from './hdf5-cursor.ts';
import { heapBytes, type GlobalHeap } from './global-heap.ts';
import { hdf5Error } from './hdf5-error.ts';
import { heapText } from './links.ts';
import { messageBody, type HeaderMessage, type Hdf5File } from './object-header.ts';

/** Where the elements of a dataset are. */
export type Hdf5Layout =
  /** One range of the file; none where nothing was written yet. */
  | { readonly kind: 'contiguous' | 'compact'; readonly range?: ByteRange }
  | { readonly kind: 'chunked' }
  /** Put together from other datasets; the first of their files, `.` for this one. */
  | { readonly kind: 'virtual'; readonly file: string; readonly several: boolean };

/**
 * Reads a data layout message (IV.A.2.i), versions 1 to 5, of which the last is HDF5 2.0's.
 * @throws MlbomError `E_UNSUPPORTED` for others
 */
export async function readLayout(
  file: Hdf5File,
  message: HeaderMessage,
  heap: GlobalHeap,
): Promise<Hdf5Layout> {
  const body = await messageBody(file, message);
  const cursor = new Hdf5Cursor(body, file);
  const version = cursor.u8();
  if (version === 1 || version === 2) return readOldLayout(file, cursor, message.offset);
  if (version < 3 || version > 5)
    throw hdf5Error('E_UNSUPPORTED', 'layout', `a layout of version ${version}`, message.offset);
  const kind = cursor.u8();
  if (kind === 0) {
    const length = cursor.u16();
    const offset = message.offset + cursor.position;
    cursor.skip(length);
    return { kind: 'compact', range: { offset, length } };
  }
  if (kind === 1) {
    const address = cursor.address();
    const length = cursor.length();
    return address === undefined
      ? { kind: 'contiguous' }
      : { kind: 'contiguous', range: { offset: file.base + address, length } };
  }
  if (kind === 2) return { kind: 'chunked' };
  if (kind === 3 && version > 3) return readVirtual(file, cursor, heap);
  throw hdf5Error('E_MALFORMED', 'layout', `no layout ${kind}`, message.offset);
}

function readOldLayout(file: Hdf5File, cursor: Hdf5Cursor, at: number): Hdf5Layout {
  const rank = cursor.u8();
  const kind = cursor.u8();
  cursor.skip(5);
  if (kind === 2) return { kind: 'chunked' };
  const address = kind === 1 ? cursor.address() : undefined;
  // The sizes of the dimensions, in bytes for contiguous data.
  cursor.skip(4 * rank);
  if (kind === 1) {
    return address === undefined
      ? { kind: 'contiguous' }
      : { kind: 'contiguous', range: { offset: file.base + address, length: Number.NaN } };
  }
  const length = cursor.u32();
  return { kind: 'compact', range: { offset: at + cursor.position, length } };
}

/** The list of sources of a virtual dataset lies in the global heap (IV.A.2.i, "Virtual Storage"). */
async function readVirtual(file: Hdf5File, cursor: Hdf5Cursor, heap: GlobalHeap): Promise<Hdf5Layout> {
  const address = cursor.address();
  const index = cursor.u32();
  if (address === undefined) return { kind: 'virtual', file: '.', several: false };
  const object = await heap(address, index);
  const length = Math.min(object.length, limits.hdf5NameBytes);
  const sources = new Hdf5Cursor(await heapBytes(file, { offset: object.offset, length }), file);
  sources.skip(1);
  const count = sources.length();
  return { kind: 'virtual', file: count === 0 ? '.' : sources.textToNul(), several: count > 1 };
}

/** Names of the files that hold the data of a dataset: the external data files message (IV.A.2.h). */
export async function readExternalFiles(file: Hdf5File, message: HeaderMessage): Promise<string[]> {
  const cursor = new Hdf5Cursor(await messageBody(file, message), file);
  cursor.skip(4);
  cursor.skip(2);
  const used = cursor.u16();
  const heap = cursor.address();
  const names: string[] = [];
  for (let i = 0; i < used && heap !== undefined; i++) {
    names.push(await heapText(file, heap, cursor.length()));
    cursor.length();
    cursor.length();
  }
  return names;
}

const filterNames = ['', 'deflate', 'shuffle', 'fletcher32', 'szip', 'nbit', 'scaleoffset'];

/** Names of the filters that chunks go through (IV.A.2.l); a filter that HDF5 does not bring is a plugin to be loaded. */
export async function readFilters(file: Hdf5File, message: HeaderMessage): Promise<string[]> {
  const cursor = new Hdf5Cursor(await messageBody(file, message), file);
  const version = cursor.u8();
  const count = cursor.u8();
  if (version !== 1 && version !== 2)
    throw hdf5Error('E_UNSUPPORTED', 'filters', `filters of version ${version}`);
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.u16();
    // From 256 on, and in version 1 always, a filter may bring its name.
    const nameBytes = version === 1 || id >= 256 ? cursor.u16() : 0;
    cursor.skip(2);
    const values = cursor.u16();
    const name = decodeText(cursor.bytes(nameBytes)).replace(/\0[^]*$/, '');
    cursor.skip(4 * values);
    if (version === 1 && values % 2 === 1) cursor.skip(4);
    return filterNames[id] ?? (name || `filter ${id}`);
  });
}
