import { describe, expect, it } from 'vitest';
import { isParquet, readParquet } from '../../src/formats/parquet/read-parquet.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { ByteWriter } from '../fixtures/byte-writer.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import {
  bool,
  i8,
  list,
  struct,
  writeParquet,
  type ParquetElement,
  type ParquetOptions,
} from '../fixtures/parquet-writer.ts';

const utf8 = { physical: 6, logical: [1] as const };
const small: ParquetOptions = {
  elements: [
    { name: 'schema', children: 2 },
    { name: 'id', physical: 2 },
    { name: 'text', ...utf8 },
  ],
  rows: 5,
  groups: [
    { rows: 3, codec: 1 },
    { rows: 2, codec: 6 },
  ],
  keyValues: { pandas: '{}' },
  createdBy: 'parquet-cpp version 1',
};

describe('readParquet', () => {
  it('reads rows, columns, who wrote it and how', async () => {
    expect(await read(small)).toEqual({
      version: 2,
      rows: 5n,
      rowGroups: 2,
      rowsInGroups: 5n,
      columns: [
        ['id', 'int64'],
        ['text', 'string'],
      ],
      createdBy: 'parquet-cpp version 1',
      keyValues: new Map([['pandas', '{}']]),
      codecs: ['snappy', 'zstd'],
      encryptedColumns: false,
    });
  });

  it.each<[string, ParquetElement[]]>([
    ['bool', [{ name: 'a', physical: 0 }]],
    ['string', [{ name: 'a', physical: 6, converted: 0 }]],
    ['halffloat', [{ name: 'a', physical: 7, logical: [15] }]],
    ['uint16', [{ name: 'a', physical: 1, logical: [10, [i8(16), bool(false)]] }]],
    [
      'timestamp[us, tz=UTC]',
      [{ name: 'a', physical: 2, logical: [8, [bool(true), struct([undefined, struct([])])]] }],
    ],
    ['list<int32>', [{ name: 'a', physical: 1, repetition: 2 }]],
    [
      'list<int64>',
      [
        { name: 'a', children: 1, logical: [3] },
        { name: 'list', children: 1, repetition: 2 },
        { name: 'element', physical: 2 },
      ],
    ],
    [
      'list<struct<x: int64, y: int64>>',
      [
        { name: 'a', children: 1, converted: 3 },
        { name: 'array', children: 2, repetition: 2 },
        { name: 'x', physical: 2 },
        { name: 'y', physical: 2 },
      ],
    ],
    [
      'map<string, double>',
      [
        { name: 'a', children: 1, logical: [2] },
        { name: 'key_value', children: 2, repetition: 2 },
        { name: 'key', ...utf8 },
        { name: 'value', physical: 5 },
      ],
    ],
    [
      'struct<x: bool>',
      [
        { name: 'a', children: 1 },
        { name: 'x', physical: 0 },
      ],
    ],
  ])('calls a column %s', async (type, elements) => {
    const file = await read({ elements: [{ name: 'schema', children: 1 }, ...elements], rows: 0 });
    expect(file).toMatchObject({ columns: [['a', type]] });
  });

  it('says that an encrypted footer says nothing', async () => {
    const bytes = new ByteWriter().text('PARE').int(0, 8).text('PARE').toBytes();
    expect(isParquet(bytes)).toBe(true);
    expect(await readParquet(memorySource(bytes))).toBe('encrypted');
  });

  it('reads the footer of a file of gigabytes and nothing else', async () => {
    const bytes = writeParquet(small);
    const size = 20 * 2 ** 30;
    const source = sparseSource(size, [
      { offset: 0, bytes: bytes.subarray(0, 4) },
      { offset: size - bytes.length + 4, bytes: bytes.subarray(4) },
    ]);
    expect(await readParquet(source)).toMatchObject({ rows: 5n });
    expect(source.bytesRead).toBeLessThan(1024);
  });

  it.each<[string, string, Uint8Array]>([
    [
      'a list that is longer than the file',
      'E_MALFORMED thrift-truncated',
      Uint8Array.of(0x29, 0xfc, 0xff, 0xff, 0x7f),
    ],
    [
      'a number without an end',
      'E_MALFORMED thrift-varint',
      Buffer.concat([Uint8Array.of(0x15), Buffer.alloc(64, 0xff)]),
    ],
    ['lists in lists', 'E_LIMIT thrift-depth', Buffer.concat([Uint8Array.of(0x79), Buffer.alloc(64, 0x19)])],
    ['no rows', 'E_MALFORMED parquet-rows', Uint8Array.of(0)],
    [
      'a tree with too few columns',
      'E_MALFORMED parquet-schema',
      struct([
        undefined,
        list([struct([undefined, undefined, undefined, undefined, { type: 5, bytes: Uint8Array.of(4) }])]),
        { type: 6, bytes: Uint8Array.of(2) },
      ]).bytes,
    ],
  ])('refuses %s', async (_what, expected, metadata) => {
    expect(await refusal(read({ ...small, metadata }))).toBe(expected);
  });

  it('refuses a footer that is larger than any', async () => {
    const size = 2 ** 31;
    const tail = new ByteWriter()
      .int(2 ** 30, 4)
      .text('PAR1')
      .toBytes();
    const source = sparseSource(size, [
      { offset: 0, bytes: Buffer.from('PAR1') },
      { offset: size - 8, bytes: tail },
    ]);
    expect(await refusal(readParquet(source))).toBe('E_LIMIT parquet-footer');
  });

  survivesHostileBytes(readParquet, writeParquet(small), { refusesEveryTruncation: true });
});

function read(options: ParquetOptions) {
  return readParquet(memorySource(writeParquet(options)));
}
