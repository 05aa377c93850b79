import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/core/entry.ts';
import { columnsOf } from '../../src/formats/sqlite/create-table.ts';
import { readSqlite, type SqliteRow } from '../../src/formats/sqlite/read-sqlite.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { writeSqlite, type SqliteCell, type SqliteFixtureTable } from '../fixtures/sqlite-writer.ts';

const values: readonly SqliteCell[] = [
  null,
  0,
  1,
  -1,
  127,
  -129,
  40_000,
  -8_400_000,
  2 ** 31,
  -(2 ** 40),
  2n ** 62n,
  0.5,
  'é🦙',
  Uint8Array.of(1, 2, 255),
  '',
];
const small: readonly SqliteFixtureTable[] = [
  {
    name: 'Packages',
    sql: 'CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)',
    rows: [
      [3, [null, Buffer.alloc(1200, 7)]],
      [4, [null, 'short']],
      [900, [null, Buffer.alloc(600, 9)]],
    ],
  },
  { name: 'sqlite_sequence', sql: 'CREATE TABLE sqlite_sequence(name,seq)', rows: [] },
];

describe('readSqlite', () => {
  it('reads every kind of value', async () => {
    const names = values.map((_, index) => `c${index}`);
    const bytes = writeSqlite([
      { name: 't', sql: `CREATE TABLE t(${names.join(',')})`, rows: [[1, values]] },
    ]);
    const { tables } = await readSqlite(memorySource(bytes));
    expect(tables).toMatchObject([{ name: 't', columns: names }]);
    expect((await all(memorySource(bytes)))[0]?.values).toEqual(values);
  });

  it.each([512, 1024, 65_536])('reads rows over pages of %i bytes', async (pageSize) => {
    const bytes = writeSqlite(small, { pageSize });
    const rows = await all(memorySource(bytes));
    expect(rows.map((row) => [row.get('HNUM'), row.get('blob')])).toEqual([
      [3, Uint8Array.from(Buffer.alloc(1200, 7))],
      [4, 'short'],
      [900, Uint8Array.from(Buffer.alloc(600, 9))],
    ]);
  });

  it('reads the leaves below an interior page in order, and counts them without their content', async () => {
    const rows = Array.from({ length: 50 }, (_, i): [number, SqliteCell[]] => [
      1000 * i + 1,
      [`row ${i}`, Buffer.alloc(1000)],
    ]);
    const bytes = writeSqlite([{ name: 't', sql: 'CREATE TABLE t(a, b)', rows }], { rowsPerLeaf: 3 });
    const read = await all(memorySource(bytes));
    expect(read.map((row) => [row.rowid, row.get('a')])).toEqual(rows.map(([id, [a]]) => [id, a]));
    const source = memorySource(bytes);
    const { tables } = await readSqlite(source);
    expect(await tables[0]?.count()).toBe(50);
    expect(source.bytesRead).toBeLessThan(bytes.length / 2);
  });

  it.each([1, 2, 3] as const)('reads texts of encoding %i', async (encoding) => {
    const rows: SqliteFixtureTable['rows'] = [[1, ['é🦙']]];
    const bytes = writeSqlite([{ name: 'ü', sql: 'CREATE TABLE ü(a)', rows }], { encoding });
    expect((await readSqlite(memorySource(bytes))).tables[0]?.name).toBe('ü');
    expect((await all(memorySource(bytes)))[0]?.get('a')).toBe('é🦙');
  });

  it('says when changes may stand in another file', async () => {
    expect(await readSqlite(memorySource(writeSqlite(small, { wal: true })))).toMatchObject({ wal: true });
    expect(await readSqlite(memorySource(writeSqlite(small)))).toMatchObject({ wal: false });
  });

  it('gives null for a column that was added after the row', async () => {
    const bytes = writeSqlite([{ name: 't', sql: 'CREATE TABLE t(a, b)', rows: [[1, ['x']]] }]);
    expect((await all(memorySource(bytes)))[0]?.get('b')).toBe(null);
  });

  it('refuses a page that is used twice', async () => {
    const rows = [1, 2, 3].map((id): [number, SqliteCell[]] => [id, ['x']]);
    const bytes = writeSqlite([{ name: 't', sql: 'CREATE TABLE t(a)', rows }], { rowsPerLeaf: 1 });
    new DataView(bytes.buffer).setUint32(512 + 8, 2);
    expect(await refusal(all(memorySource(bytes)))).toBe('E_MALFORMED sqlite-page-twice');
  });

  it('refuses cells that share their bytes', async () => {
    const rows = [1, 2].map((id): [number, SqliteCell[]] => [id, [Buffer.alloc(200)]]);
    const bytes = writeSqlite([{ name: 't', sql: 'CREATE TABLE t(a)', rows }]);
    const view = new DataView(bytes.buffer);
    view.setUint16(512 + 3, 8);
    for (let i = 0; i < 8; i++) view.setUint16(512 + 8 + 2 * i, view.getUint16(512 + 8));
    expect(await refusal(all(memorySource(bytes)))).toBe('E_MALFORMED sqlite-cell');
  });

  it('does not read virtual tables', async () => {
    const bytes = writeSqlite([{ name: 'f', sql: 'CREATE VIRTUAL TABLE f USING fts5(a)', rows: [] }]);
    expect(await refusal(all(memorySource(bytes)))).toBe('E_UNSUPPORTED sqlite-virtual');
  });

  survivesHostileBytes(all, writeSqlite(small.slice(0, 1)), { refusesEveryTruncation: true });
});

describe('columnsOf', () => {
  it.each([
    ['CREATE TABLE t(a, b TEXT DEFAULT (1,2), "c d" INT)', ['a', 'b', 'c d']],
    [
      'create table if not exists "x(y" ([a,b] text, `c``d` int, \'e\' -- f, g\n, h /* , i */)',
      ['a,b', 'c`d', 'e', 'h'],
    ],
    ['CREATE TABLE t(a INT, CONSTRAINT k UNIQUE (a), CHECK (a > 0), FOREIGN KEY (a) REFERENCES u(b))', ['a']],
    ['CREATE TABLE t(a INT, b AS (a+1), c INT GENERATED ALWAYS AS (a*2) STORED, d)', ['a', 'c', 'd']],
    ['CREATE TABLE t AS SELECT 1', []],
    ['', []],
  ])('reads %s', (sql, names) => {
    expect(columnsOf(sql).names).toEqual(names);
  });

  it.each([
    ['CREATE TABLE t(id INTEGER PRIMARY KEY, a)', 'id'],
    ['CREATE TABLE t(id INTEGER NOT NULL, a, PRIMARY KEY (id))', 'id'],
    ['CREATE TABLE t(id INT PRIMARY KEY, a)', undefined],
    ['CREATE TABLE t(a INTEGER, b INTEGER, PRIMARY KEY (a, b))', undefined],
  ])('finds the row id of %s', (sql, rowid) => {
    expect(columnsOf(sql).rowid).toBe(rowid);
  });

  it.each(['[', '/*', '"', '(', ',', "'"])('takes a text of many %s apart in one go', (mark) => {
    expect(columnsOf(mark.repeat(200_000)).rowid).toBe(undefined);
  });
});

/** Every row of every table. */
async function all(source: ByteSource): Promise<SqliteRow[]> {
  const rows: SqliteRow[] = [];
  for (const table of (await readSqlite(source)).tables) {
    for await (const row of table.rows()) rows.push(row);
  }
  return rows;
}
