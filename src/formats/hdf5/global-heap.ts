import type { ByteRange } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { Hdf5Cursor } from './hdf5-cursor.ts';
import { hdf5Error } from './hdf5-error.ts';
import { isText, type Hdf5File } from './object-header.ts';

/** Finds objects in global heap collections (III.E); each collection is gone through once. */
export type GlobalHeap = (address: number, index: number) => Promise<ByteRange>;

/** Object indexes have 16 bits. */
const mostObjects = 65_535;
/** Collections whose objects are remembered: strings of one file lie in a few. */
const mostCollections = 4096;

export function globalHeap(file: Hdf5File): GlobalHeap {
  const collections = new Map<number, ReadonlyMap<number, ByteRange>>();
  return async (address, index) => {
    let objects = collections.get(address);
    if (!objects) {
      if (collections.size === mostCollections)
        throw hdf5Error('E_LIMIT', 'heap', 'too many heap collections');
      objects = await readCollection(file, address);
      collections.set(address, objects);
    }
    const found = objects.get(index);
    if (found) return found;
    throw hdf5Error('E_MALFORMED', 'heap', `no object ${index} in the heap`, file.base + address);
  };
}

async function readCollection(file: Hdf5File, address: number): Promise<ReadonlyMap<number, ByteRange>> {
  const start = file.base + address;
  const header = new Hdf5Cursor(await file.reader.bytes(start, 8 + file.lengthBytes), file);
  if (!isText(header.bytes(4), 'GCOL')) throw hdf5Error('E_MALFORMED', 'heap', 'no heap collection', start);
  header.skip(4);
  const end = start + header.length();
  const objects = new Map<number, ByteRange>();
  let at = start + header.position;
  const prefix = 8 + file.lengthBytes;
  while (at + prefix <= end && objects.size < mostObjects) {
    const object = new Hdf5Cursor(await file.reader.bytes(at, prefix), file);
    const index = object.u16();
    object.skip(6);
    const length = object.length();
    // Object 0 is the free space at the end.
    if (index === 0) break;
    at += prefix;
    if (length > end - at) throw hdf5Error('E_MALFORMED', 'heap', 'an object leaves its heap', at);
    objects.set(index, { offset: at, length });
    at += Math.ceil(length / 8) * 8;
  }
  return objects;
}

/** The bytes of an object, at most `limits.hdf5AttributeBytes`. */
export async function heapBytes(file: Hdf5File, { offset, length }: ByteRange): Promise<Uint8Array> {
  if (length > limits.hdf5AttributeBytes)
    throw hdf5Error('E_LIMIT', 'attribute', `a value of ${length} bytes`, offset);
  return file.reader.bytes(offset, length);
}
