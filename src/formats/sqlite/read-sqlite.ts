import type { ByteSource } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { columnsOf } from './create-table.ts';
import { Pages } from './pages.ts';
import type { SqliteEncoding, SqliteValue } from './record.ts';
import { sqliteError } from './sqlite-error.ts';
import { viewOf } from './table-pages.ts';
import { countRows, tableRows, type StoredRow } from './table-rows.ts';

export type { SqliteValue } from './record.ts';

export interface Sqlite {
  /** Bytes. */
  readonly pageSize: number;
  /** True when writers keep changes in a file of their own (`-wal`) first, which is not read. */
  readonly wal: boolean;
  /** In the order of the schema, without SQLite's own. */
  readonly tables: readonly SqliteTable[];
}

export interface SqliteTable {
  readonly name: string;
  /** Empty when the text that made the table is not understood. */
  readonly columns: readonly string[];
  /**
   * All rows, in the order of their ids.
   * @throws MlbomError `E_MALFORMED`; `E_LIMIT`; `E_UNSUPPORTED` for a virtual table and for one WITHOUT ROWID
   */
  rows(): AsyncGenerator<SqliteRow>;
  /** The number of rows, without a look at what is in them. */
  count(): Promise<number>;
}

export interface SqliteRow {
  readonly rowid: number | bigint;
  /** The values as they are stored. */
  readonly values: readonly SqliteValue[];
  /** The value of a column, its name in any case; null too for one that was added after the row. */
  get(column: string): SqliteValue;
}

const magic = 'SQLite format 3\0';
const encodings: readonly (SqliteEncoding | undefined)[] = ['utf-8', 'utf-8', 'utf-16le', 'utf-16be'];

/** True for what begins as a SQLite 3 database. */
export function isSqlite(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 16)).toString('latin1') === magic;
}

/**
 * Reads a SQLite 3 database's tables (sqlite.org/fileformat2.html) by ranges: page by page, and only what is asked for.
 * What stands in a `-wal` or a `-journal` file beside it is not read.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`
 */
export async function readSqlite(source: ByteSource): Promise<Sqlite> {
  if (source.size < 512) throw sqliteError('E_MALFORMED', 'truncated', 'shorter than a page');
  const header = await source.read({ offset: 0, length: 100 });
  if (!isSqlite(header)) throw sqliteError('E_MALFORMED', 'magic', 'it does not begin like a database', 0);
  const pages = pagesOf(header, source);
  const encoding = encodings[viewOf(header).getUint32(56)];
  if (encoding === undefined) throw sqliteError('E_MALFORMED', 'encoding', 'an unknown text encoding', 56);
  const tables: SqliteTable[] = [];
  let rows = 0;
  for await (const { values } of tableRows(pages, 1, encoding)) {
    if (++rows > limits.sqliteSchemaRows)
      throw sqliteError('E_LIMIT', 'schema', `more than ${limits.sqliteSchemaRows} tables and indexes`);
    const [type, name, , root, sql] = values;
    if (type !== 'table' || typeof name !== 'string' || name.startsWith('sqlite_')) continue;
    const text = typeof sql === 'string' && sql.length <= limits.sqliteSchemaText ? sql : '';
    tables.push(tableOf(name, text, typeof root === 'number' ? root : 0, pages, encoding));
  }
  return { pageSize: pages.size, wal: header[19] === 2, tables };
}

function pagesOf(header: Uint8Array, source: ByteSource): Pages {
  const view = viewOf(header);
  const written = view.getUint16(16);
  const size = written === 1 ? 65_536 : written;
  if (size < 512 || !Number.isInteger(Math.log2(size)))
    throw sqliteError('E_MALFORMED', 'page-size', `pages of ${size} bytes`, 16);
  const usable = size - (header[20] ?? 0);
  if (usable < 480) throw sqliteError('E_MALFORMED', 'reserved', `${usable} bytes of a page in use`, 20);
  const there = Math.floor(source.size / size);
  // A count that an old version of SQLite left behind is not that of this file (§1.3.8).
  const current = view.getUint32(24) === view.getUint32(92) ? view.getUint32(28) : 0;
  if (there < Math.max(1, current))
    throw sqliteError('E_MALFORMED', 'truncated', `${there} pages where the header says ${current}`, 28);
  return new Pages(source, size, usable, current || there);
}

function tableOf(
  name: string,
  sql: string,
  root: number,
  pages: Pages,
  encoding: SqliteEncoding,
): SqliteTable {
  const { names, rowid } = columnsOf(sql);
  const indexes = new Map(names.map((column, index) => [column.toLowerCase(), index]));
  const rowidIndex = rowid === undefined ? undefined : indexes.get(rowid.toLowerCase());
  function rowOf(row: StoredRow): SqliteRow {
    return {
      ...row,
      get(column) {
        const index = indexes.get(column.toLowerCase());
        if (index === undefined) return null;
        return index === rowidIndex ? row.rowid : (row.values[index] ?? null);
      },
    };
  }
  function assertStored(): void {
    if (root === 0) throw sqliteError('E_UNSUPPORTED', 'virtual', `${name.slice(0, 80)} is a virtual table`);
  }
  return {
    name,
    columns: names,
    async *rows() {
      assertStored();
      for await (const row of tableRows(pages, root, encoding)) yield rowOf(row);
    },
    async count() {
      assertStored();
      return countRows(pages, root);
    },
  };
}
