import { limits } from '../../core/limits.ts';
import { Hdf5Cursor } from './hdf5-cursor.ts';
import { hdf5Error } from './hdf5-error.ts';
import { isText, type Hdf5File } from './object-header.ts';

/** A fractal heap (III.G): objects of a few kilobytes in blocks that double in size. */
export interface FractalHeap {
  readonly idBytes: number;
  /**
   * The object with this id; `undefined` for a huge one, which lies elsewhere.
   * @throws MlbomError `E_MALFORMED`, `E_UNSUPPORTED` for compressed heaps
   */
  object(id: Uint8Array): Promise<Uint8Array | undefined>;
}

interface Table {
  readonly width: number;
  readonly startBytes: number;
  readonly mostDirectBytes: number;
  /** Bytes of an offset in the heap. */
  readonly offsetBytes: number;
}

/** Reads the header at `address`; blocks are read when an object in them is asked for. */
export async function openFractalHeap(file: Hdf5File, address: number): Promise<FractalHeap> {
  const start = file.base + address;
  const { offsetBytes, lengthBytes } = file;
  const size = 22 + 12 * lengthBytes + 3 * offsetBytes;
  const cursor = new Hdf5Cursor(await file.reader.bytes(start, size), file);
  if (!isText(cursor.bytes(4), 'FRHP')) throw hdf5Error('E_MALFORMED', 'heap', 'no fractal heap', start);
  cursor.skip(1);
  const idBytes = cursor.u16();
  const filterBytes = cursor.u16();
  cursor.skip(1);
  const largest = cursor.u32();
  cursor.skip(10 * lengthBytes + 2 * offsetBytes);
  const width = cursor.u16();
  const startBytes = cursor.length();
  const mostDirectBytes = cursor.length();
  const heapBits = cursor.u16();
  cursor.skip(2);
  const root = cursor.address();
  const rows = cursor.u16();
  if (filterBytes > 0) throw hdf5Error('E_UNSUPPORTED', 'heap', 'a compressed heap', start);
  if (!isPower(width) || !isPower(startBytes) || !isPower(mostDirectBytes) || heapBits > 64)
    throw hdf5Error('E_MALFORMED', 'heap', 'a heap with sizes that are no powers of two', start);
  const table = { width, startBytes, mostDirectBytes, offsetBytes: Math.ceil(heapBits / 8) };
  const lengthWidth = Math.min(Math.ceil(Math.log2(mostDirectBytes) / 8), bytesFor(largest));

  return {
    idBytes,
    async object(id) {
      const kind = ((id[0] ?? 0) >> 4) & 3;
      if (kind === 2) return id.subarray(1, 2 + ((id[0] ?? 0) & 0x0f));
      if (kind !== 0) return undefined;
      const fields = new Hdf5Cursor(id.subarray(1), file);
      const offset = fields.uint(table.offsetBytes);
      const length = fields.uint(lengthWidth);
      if (root === undefined || length > limits.hdf5AttributeBytes)
        throw hdf5Error('E_MALFORMED', 'heap', 'an object that the heap cannot hold', start);
      const at = await place(file, table, { address: root, rows }, offset);
      return file.reader.bytes(at, length);
    },
  };
}

/** Where in the file the offset of the heap is; the root is a direct block when it has no rows. */
async function place(
  file: Hdf5File,
  table: Table,
  root: { readonly address: number; readonly rows: number },
  target: number,
): Promise<number> {
  let { address, rows } = root;
  let offset = target;
  // Each level is smaller than the one before it.
  for (let depth = 0; depth <= limits.hdf5TreeDepth; depth++) {
    if (rows === 0) return file.base + address + offset;
    const child = await childAt(file, table, { address, rows }, offset);
    ({ address, rows, offset } = child);
  }
  throw hdf5Error('E_LIMIT', 'heap', 'a heap nested too deeply');
}

async function childAt(
  file: Hdf5File,
  { width, startBytes, mostDirectBytes, offsetBytes }: Table,
  block: { readonly address: number; readonly rows: number },
  target: number,
): Promise<{ address: number; rows: number; offset: number }> {
  const start = file.base + block.address;
  if (!isText(await file.reader.bytes(start, 4), 'FHIB'))
    throw hdf5Error('E_MALFORMED', 'heap', 'no heap block', start);
  let offset = target;
  for (let row = 0; row < block.rows; row++) {
    const bytes = row === 0 ? startBytes : startBytes * 2 ** (row - 1);
    if (offset >= bytes * width) {
      offset -= bytes * width;
      continue;
    }
    const column = Math.floor(offset / bytes);
    const at = start + 5 + file.offsetBytes + offsetBytes + (row * width + column) * file.offsetBytes;
    const address = new Hdf5Cursor(await file.reader.bytes(at, file.offsetBytes), file).address();
    if (address === undefined) break;
    const rows = bytes <= mostDirectBytes ? 0 : Math.log2(bytes) - Math.log2(startBytes * width) + 1;
    if (rows < 0) break;
    return { address, rows, offset: offset - column * bytes };
  }
  throw hdf5Error('E_MALFORMED', 'heap', 'an object that lies in no block of its heap', start);
}

/** Bytes that hold numbers up to `limit`. */
export function bytesFor(limit: number): number {
  return limit < 1 ? 1 : Math.floor(Math.log2(limit) / 8) + 1;
}

function isPower(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0 && Number.isInteger(Math.log2(value));
}
