import { describe, expect, it } from 'vitest';
import { isAvro, readAvro } from '../../src/formats/avro/read-avro.ts';
import { crc32c } from '../../src/formats/crc32c.ts';
import { readLanceFile, readLanceManifest } from '../../src/formats/lance/read-lance.ts';
import { isOrc, readOrc } from '../../src/formats/orc/read-orc.ts';
import { isTfRecord, readTfRecords } from '../../src/formats/tfrecord.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import {
  eventHeader,
  example,
  writeAvro,
  writeLanceFile,
  writeLanceManifest,
  writeOrc,
  writeTfRecords,
  type OrcOptions,
} from '../fixtures/table-writers.ts';

describe('readAvro', () => {
  const record = {
    type: 'record',
    name: 'T',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'text', type: ['null', 'string'] },
      { name: 'tags', type: { type: 'array', items: 'bytes' } },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'by', type: { type: 'record', name: 'P', fields: [{ name: 'age', type: 'int' }] } },
      { name: 'either', type: ['int', 'double'] },
    ],
  };
  const file = writeAvro({ schema: record, codec: 'deflate', metadata: { 'made.by': 'x' }, blocks: [3, 4] });

  it('reads the schema and counts the rows of the blocks', async () => {
    expect(isAvro(file)).toBe(true);
    expect(await readAvro(memorySource(file))).toEqual({
      columns: [
        ['id', 'int64'],
        ['text', 'string'],
        ['tags', 'list<binary>'],
        ['at', 'timestamp[ms, tz=UTC]'],
        ['by', 'struct<age: int32>'],
        ['either', 'union<int32, double>'],
      ],
      codec: 'deflate',
      keys: ['made.by'],
      rows: 7n,
    });
  });

  it('calls the rows of a schema that is no record one value', async () => {
    expect(await readAvro(memorySource(writeAvro({ schema: 'string' })))).toMatchObject({
      columns: [['value', 'string']],
    });
  });

  it('refuses a block that does not end with the mark of the file', async () => {
    const bytes = Uint8Array.from(file);
    bytes[bytes.length - 1] = 0;
    expect(await refusal(readAvro(memorySource(bytes)))).toBe('E_MALFORMED avro-sync');
  });

  survivesHostileBytes(readAvro, writeAvro({ schema: record, blocks: [2] }), {
    refusesEveryTruncation: false,
  });
});

describe('readOrc', () => {
  const options: OrcOptions = {
    types: [[12, [1, 2, 4], ['id', 'tags', 'name']], [4], [10, [3]], [7], [16]],
    rows: 6,
  };
  const columns = [
    ['id', 'int64'],
    ['tags', 'list<string>'],
    ['name', 'string'],
  ];

  it.each([
    ['none', 0],
    ['zlib', 1],
  ])('reads a footer compressed with %s', async (codec, compression) => {
    const bytes = writeOrc({ ...options, compression });
    expect(isOrc(bytes)).toBe(true);
    expect(await readOrc(memorySource(bytes))).toEqual({
      codec,
      version: '0.12',
      footer: { rows: 6n, stripes: 1, columns, keys: ['made.by'] },
    });
  });

  it('names a compression that it does not read', async () => {
    expect(await readOrc(memorySource(writeOrc({ ...options, compression: 2 })))).toEqual({
      codec: 'snappy',
      version: '0.12',
    });
  });

  it('refuses a type that is its own child', async () => {
    const bytes = writeOrc({
      types: [
        [12, [1], ['a']],
        [10, [1]],
      ],
      rows: 1,
    });
    expect(await refusal(readOrc(memorySource(bytes)))).toBe('E_MALFORMED orc-types');
  });

  survivesHostileBytes(readOrc, writeOrc(options), { refusesEveryTruncation: true });
  survivesHostileBytes(readOrc, writeOrc({ ...options, compression: 1 }), { refusesEveryTruncation: true });
});

describe('readTfRecords', () => {
  const file = writeTfRecords([example({ label: 3, image: 1, weight: 2 }), new Uint8Array(3)]);

  it('has the checksum of RFC 3720', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });

  it('counts records and reads the features of the first', async () => {
    expect(isTfRecord(file, file.length)).toBe(true);
    expect(await readTfRecords(memorySource(file))).toEqual({
      records: 2,
      content: 'example',
      columns: [
        ['image', 'binary'],
        ['label', 'int64'],
        ['weight', 'float'],
      ],
    });
  });

  it.each([
    ['event', eventHeader()],
    ['other', Buffer.from('anything')],
  ])('knows that a first record is an %s', async (content, record) => {
    expect(await readTfRecords(memorySource(writeTfRecords([record])))).toEqual({
      records: 1,
      content,
      columns: [],
    });
  });

  it('does not take other bytes for one', () => {
    expect(isTfRecord(new Uint8Array(64), 64)).toBe(false);
  });

  it('refuses a first record that was changed', async () => {
    const bytes = Uint8Array.from(file);
    bytes[20] = 0xff;
    expect(await refusal(readTfRecords(memorySource(bytes)))).toBe('E_MALFORMED tfrecord-checksum');
  });

  survivesHostileBytes(readTfRecords, file, { refusesEveryTruncation: false });
});

describe('readLanceManifest and readLanceFile', () => {
  const fields = [
    ['id', 'int64'],
    ['vector', 'fixed_size_list:float:384'],
    ['tags', 'list'],
    ['item', 'string', 2],
  ] as const;
  const columns = [
    ['id', 'int64'],
    ['vector', 'fixed_size_list<float>[384]'],
    ['tags', 'list<string>'],
  ];
  const manifest = writeLanceManifest({
    fields,
    version: 3,
    fragments: [
      [30, 1],
      [2, 0],
    ],
  });

  it('reads a version of a dataset, without its deleted rows', async () => {
    expect(await readLanceManifest(memorySource(manifest))).toEqual({
      version: 3n,
      rows: 31n,
      fragments: 2,
      columns,
      fileVersion: '2.2',
      writer: 'lance 13.0.0',
    });
  });

  it('reads the schema and the rows of a data file', async () => {
    expect(await readLanceFile(memorySource(writeLanceFile(fields, 30)))).toEqual({
      rows: 30n,
      columns,
      version: '2.2',
    });
  });

  it('refuses fields that are each other’s parents', async () => {
    const bytes = writeLanceManifest({
      fields: [
        ['a', 'list', -1],
        ['b', 'list', 0],
        ['c', 'list', 1],
      ],
      version: 1,
      fragments: [],
    });
    expect(await readLanceManifest(memorySource(bytes))).toMatchObject({
      columns: [['a', 'list<list<list>>']],
    });
    const circle = Buffer.from(bytes);
    // The ids of b and c become 0: a is found below itself.
    for (
      let at = circle.indexOf('\x18\x01', 0, 'latin1');
      at >= 0;
      at = circle.indexOf('\x18\x01', at + 1, 'latin1')
    )
      circle[at + 1] = 0;
    expect(await refusal(readLanceManifest(memorySource(circle)))).toBe('E_MALFORMED lance-fields');
  });

  survivesHostileBytes(readLanceManifest, manifest, { refusesEveryTruncation: true });
  survivesHostileBytes(readLanceFile, writeLanceFile(fields, 30), { refusesEveryTruncation: true });
});
