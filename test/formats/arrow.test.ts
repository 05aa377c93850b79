import { describe, expect, it } from 'vitest';
import { isArrow, readArrow } from '../../src/formats/arrow/read-arrow.ts';
import {
  framed,
  int,
  number,
  schemaMessage,
  writeArrowFile,
  writeArrowStream,
  writeFeather,
  type ArrowField,
  type ArrowOptions,
} from '../fixtures/arrow-writer.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

const small: ArrowOptions = {
  fields: [
    { name: 'id', kind: 2, type: int(64) },
    { name: 'text', kind: 5 },
  ],
  batches: [3, 4],
  keyValues: { huggingface: '{}' },
};
const expected = {
  columns: [
    ['id', 'int64'],
    ['text', 'string'],
  ],
  keyValues: new Map([['huggingface', '{}']]),
  batches: 2,
  rows: 7n,
};

describe('readArrow', () => {
  it.each([
    ['file', writeArrowFile(small)],
    ['stream', writeArrowStream(small)],
  ])('reads the schema and the rows of a %s', async (layout, bytes) => {
    expect(isArrow(bytes.subarray(0, 4096))).toBe(true);
    expect(await readArrow(memorySource(bytes))).toEqual({ layout, ...expected });
  });

  it('reads columns and rows of Feather’s first version', async () => {
    const bytes = writeFeather(
      [
        ['a', 4],
        ['b', 11],
      ],
      9,
    );
    expect(isArrow(bytes)).toBe(true);
    expect(await readArrow(memorySource(bytes))).toEqual({
      layout: 'feather-v1',
      columns: [
        ['a', 'int64'],
        ['b', 'string'],
      ],
      keyValues: new Map(),
      rows: 9n,
    });
  });

  it('says how the batches are compressed', async () => {
    expect(await readArrow(memorySource(writeArrowFile({ ...small, codec: 1 })))).toMatchObject({
      codec: 'zstd',
    });
  });

  it.each<[string, Omit<ArrowField, 'name'>]>([
    ['uint8', { kind: 2, type: int(8, false) }],
    ['double', { kind: 3, type: [number(2, 2)] }],
    ['decimal128(10, 2)', { kind: 7, type: [number(10, 4), number(2, 4)] }],
    ['date32[day]', { kind: 8, type: [number(0, 2)] }],
    ['timestamp[us, tz=UTC]', { kind: 10, type: [number(2, 2), { text: 'UTC' }] }],
    [
      'fixed_size_list<float>[384]',
      { kind: 16, type: [number(384, 4)], children: [{ name: 'item', kind: 3, type: [number(1, 2)] }] },
    ],
    ['list<string>', { kind: 12, children: [{ name: 'item', kind: 5 }] }],
    [
      'struct<a: bool, b: null>',
      {
        kind: 13,
        children: [
          { name: 'a', kind: 6 },
          { name: 'b', kind: 1 },
        ],
      },
    ],
    [
      'map<string, bool>',
      {
        kind: 17,
        children: [
          {
            name: 'entries',
            kind: 13,
            children: [
              { name: 'k', kind: 5 },
              { name: 'v', kind: 6 },
            ],
          },
        ],
      },
    ],
    ['dictionary<values=string, indices=int16>', { kind: 5, dictionary: 16 }],
    ['unknown 99', { kind: 99 }],
  ])('calls a column %s', async (type, field) => {
    const bytes = writeArrowStream({ fields: [{ name: 'a', ...field }] });
    expect(await readArrow(memorySource(bytes))).toMatchObject({ columns: [['a', type]] });
  });

  it('does not read the data between the headers', async () => {
    const bytes = writeArrowFile({ ...small, batches: [3] });
    const gap = 20 * 2 ** 30;
    // The footer's blocks still say where the batch is.
    const source = sparseSource(bytes.length + gap, [
      { offset: 0, bytes: bytes.subarray(0, -200) },
      { offset: bytes.length + gap - 200, bytes: bytes.subarray(-200) },
    ]);
    await readArrow(source).catch(() => undefined);
    expect(source.bytesRead).toBeLessThan(4096);
  });

  it('refuses a stream that ends inside the body of a batch', async () => {
    const bytes = writeArrowStream({ ...small, batches: [3] });
    expect(await refusal(readArrow(memorySource(bytes.subarray(0, -12))))).toBe(
      'E_MALFORMED arrow-truncated',
    );
  });

  it('refuses fields that share a place and would multiply', async () => {
    expect(await refusal(readArrow(memorySource(framed(sharedFields(40, 40)))))).toBe('E_LIMIT arrow-schema');
  });

  it('refuses fields that are nested too deeply', async () => {
    let field: ArrowField = { name: 'a', kind: 6 };
    for (let i = 0; i < 80; i++) field = { name: 'a', kind: 12, children: [field] };
    const bytes = writeArrowStream({ fields: [field] });
    expect(await refusal(readArrow(memorySource(bytes)))).toBe('E_LIMIT arrow-schema');
  });

  survivesHostileBytes(readArrow, writeArrowFile(small), { refusesEveryTruncation: true });
  survivesHostileBytes(readArrow, writeArrowStream(small), { refusesEveryTruncation: false });
  survivesHostileBytes(readArrow, writeFeather([['a', 4]], 9), { refusesEveryTruncation: true });
});

/** A schema in which every element of a vector of children leads to the last one. */
function sharedFields(levels: number, width: number): Uint8Array {
  const twins: ArrowField[] = Array.from({ length: width }, () => ({ name: 'a', kind: 12 }));
  let field: ArrowField = { name: 'a', kind: 12, children: twins };
  for (let i = 1; i < levels; i++) field = { name: 'a', kind: 12, children: [...twins.slice(1), field] };
  const bytes = Buffer.from(schemaMessage({ fields: [field] }));
  for (let at = 4; at + 4 * width <= bytes.length; at++) {
    if (bytes.readUInt32LE(at - 4) !== width) continue;
    const last = at + 4 * (width - 1);
    const target = last + bytes.readUInt32LE(last);
    if (target >= bytes.length) continue;
    for (let i = 0; i < width; i++) bytes.writeUInt32LE(target - (at + 4 * i), at + 4 * i);
  }
  return Uint8Array.from(bytes);
}
