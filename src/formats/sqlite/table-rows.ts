import { limits } from '../../core/limits.ts';
import type { Pages } from './pages.ts';
import { decodeRecord, type SqliteEncoding, type SqliteValue } from './record.ts';
import { sqliteError } from './sqlite-error.ts';
import { tablePages, viewOf, Visited, type LeafPage } from './table-pages.ts';
import { readLength, readVarint } from './varint.ts';

/** A row as it is stored: the values of its columns in order; those that a later ALTER TABLE added may be missing. */
export interface StoredRow {
  readonly rowid: number | bigint;
  readonly values: readonly SqliteValue[];
}

/**
 * The rows of the table whose root page has this number, in the order of their ids.
 * @throws MlbomError `E_MALFORMED`; `E_LIMIT` for a row of more than `limits.sqliteRowBytes`; `E_UNSUPPORTED`
 */
export async function* tableRows(
  pages: Pages,
  root: number,
  encoding: SqliteEncoding,
): AsyncGenerator<StoredRow> {
  const visited = new Visited();
  for await (const leaf of tablePages(pages, root, visited)) {
    for (const cell of cellsOf(leaf, pages.usable)) {
      const payload = await withOverflow(cell, pages, visited);
      yield { rowid: cell.rowid, values: decodeRecord(payload, encoding) };
    }
  }
}

/** The number of rows, without a look at what is in them. */
export async function countRows(pages: Pages, root: number): Promise<number> {
  let count = 0;
  for await (const { cells } of tablePages(pages, root, new Visited())) count += cells.length;
  return count;
}

interface Cell {
  readonly rowid: number | bigint;
  /** Bytes of the whole record. */
  readonly length: number;
  /** The beginning of the record, as much as lies in the page. */
  readonly local: Uint8Array;
  /** The first page of the rest; 0 when there is none. */
  readonly overflow: number;
}

/** Copies, because the page gives way to others. Cells that share bytes would make much of a small file. */
function cellsOf({ number, bytes, cells }: LeafPage, usable: number): Cell[] {
  let used = 0;
  return cells.map((at) => {
    const cursor = { bytes: bytes.subarray(0, usable), at };
    const length = readLength(cursor);
    const rowid = readVarint(cursor);
    if (length > limits.sqliteRowBytes)
      throw sqliteError('E_LIMIT', 'row', `a row of ${length} bytes, more than ${limits.sqliteRowBytes}`);
    const localLength = localBytes(length, usable);
    const overflowed = localLength < length;
    const end = cursor.at + localLength + (overflowed ? 4 : 0);
    used += end - at;
    if (end > usable || used > usable)
      throw sqliteError('E_MALFORMED', 'cell', `a cell goes beyond page ${number}`);
    const local = Uint8Array.from(bytes.subarray(cursor.at, cursor.at + localLength));
    return { rowid, length, local, overflow: overflowed ? viewOf(bytes).getUint32(end - 4) : 0 };
  });
}

/** How much of a record of a table lies in its cell (fileformat2.html §1.6). */
function localBytes(length: number, usable: number): number {
  const most = usable - 35;
  if (length <= most) return length;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const filling = least + ((length - least) % (usable - 4));
  return filling <= most ? filling : least;
}

async function withOverflow(cell: Cell, pages: Pages, visited: Visited): Promise<Uint8Array> {
  if (cell.overflow === 0 && cell.local.length === cell.length) return cell.local;
  // A chain of this length fits into the file, so that the memory it takes is no more than the file has.
  if (cell.length > pages.count * pages.size)
    throw sqliteError('E_MALFORMED', 'overflow', 'a row larger than the file');
  const payload = new Uint8Array(cell.length);
  payload.set(cell.local);
  let at = cell.local.length;
  let next = cell.overflow;
  while (at < payload.length) {
    visited.enter(next);
    const page = await pages.read(next);
    const part = page.subarray(4, Math.min(pages.usable, 4 + payload.length - at));
    payload.set(part, at);
    at += part.length;
    next = viewOf(page).getUint32(0);
  }
  return payload;
}
