import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/core/entry.ts';
import { limits } from '../../src/core/limits.ts';
import type { ProtobufField } from '../../src/formats/protobuf.ts';
import { ProtobufReader } from '../../src/formats/protobuf.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { bytesField, fixed32Field, varint, varintField } from '../fixtures/protobuf-writer.ts';

describe('ProtobufReader', () => {
  it('gives varints by value and everything else by range', async () => {
    const bytes = Buffer.concat([
      varintField(1, -1n),
      bytesField(2, 'abc'),
      fixed32Field(3, 1),
      Uint8Array.of(0x21),
      Buffer.alloc(8),
    ]);
    expect(await fieldsOf(memorySource(bytes))).toEqual([
      { number: 1, wire: 'varint', varint: 2n ** 64n - 1n, range: { offset: 1, length: 10 } },
      { number: 2, wire: 'bytes', varint: 0n, range: { offset: 13, length: 3 } },
      { number: 3, wire: 'fixed32', varint: 0n, range: { offset: 17, length: 4 } },
      { number: 4, wire: 'fixed64', varint: 0n, range: { offset: 22, length: 8 } },
    ]);
  });

  it('reads every 64-bit number', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), async (value) => {
        expect((await fieldsOf(memorySource(varintField(5, value))))[0]?.varint).toBe(value);
      }),
    );
  });

  it('passes over a payload without reading it', async () => {
    const length = 2 ** 31 - 2 ** 20;
    const head = Buffer.concat([varint((1 << 3) | 2), varint(length)]);
    const size = head.length + length + 2;
    const source = sparseSource(size, [
      { offset: 0, bytes: head },
      { offset: size - 2, bytes: varintField(2, 7) },
    ]);
    expect((await fieldsOf(source)).map((field) => field.number)).toEqual([1, 2]);
    expect(source.bytesRead).toBeLessThan(20_000);
  });

  it.each([
    ['a group', [0x0b], 'tag'],
    ['the end of a group', [0x0c], 'tag'],
    ['wire type 6', [0x0e, 0], 'tag'],
    ['field number 0', [0x00, 0], 'tag'],
    ['a tag of 33 bits', [0x88, 0x80, 0x80, 0x80, 0x10, 0], 'tag'],
    ['a number that does not end', [0x08, 0x80], 'varint'],
    ['a number of eleven bytes', [0x08, ...Array<number>(10).fill(0x80), 0], 'varint'],
    ['a number of 65 bits', [0x08, ...Array<number>(9).fill(0xff), 2], 'varint'],
    ['a length past the end', [0x0a, 2, 0], 'length'],
    ['a length of 2^64 - 1', [0x0a, ...Array<number>(9).fill(0xff), 1], 'length'],
    ['four bytes of which three are there', [0x0d, 0, 0, 0], 'length'],
  ])('refuses %s', async (_what, bytes, rule) => {
    expect(await refusal(fieldsOf(memorySource(Uint8Array.from(bytes))))).toBe(
      `E_MALFORMED protobuf-${rule}`,
    );
  });

  it('refuses a field that is longer than the message it stands in', async () => {
    const bytes = Buffer.concat([bytesField(1, Uint8Array.of(0x0a, 3, 0)), Buffer.alloc(8)]);
    expect(await refusal(nested(memorySource(bytes)))).toBe('E_MALFORMED protobuf-length');
  });

  it('refuses messages nested beyond its limit, and reads those at it', async () => {
    const nest = (depth: number): Uint8Array =>
      depth === 0 ? new Uint8Array() : bytesField(1, nest(depth - 1));
    await nested(memorySource(nest(limits.protobufDepth - 1)));
    expect(await refusal(nested(memorySource(nest(limits.protobufDepth))))).toBe('E_LIMIT protobuf-depth');
  });

  it('counts and decodes packed numbers', async () => {
    const values = [0n, 127n, 128n, 2n ** 64n - 1n];
    const bytes = Buffer.concat(values.map(varint));
    const range = { offset: 0, length: bytes.length };
    const decoded: bigint[] = [];
    const reader = new ProtobufReader(memorySource(bytes));
    await reader.packed(range, (value) => decoded.push(value));
    expect(decoded).toEqual(values);
    expect(await reader.countPacked(range)).toBe(4);
    expect(await refusal(reader.countPacked({ offset: 0, length: 3 }))).toBe('E_MALFORMED protobuf-varint');
  });

  it('refuses strings beyond the limit given, and those that are not UTF-8', async () => {
    const reader = new ProtobufReader(memorySource(Uint8Array.of(0x61, 0xff)));
    expect(await reader.text({ offset: 0, length: 1 }, 1)).toBe('a');
    expect(await refusal(reader.text({ offset: 0, length: 2 }, 1))).toBe('E_LIMIT protobuf-string');
    expect(await refusal(reader.text({ offset: 0, length: 2 }, 2))).toBe('E_MALFORMED utf-8');
  });

  it('refuses more than protobuf can write', async () => {
    const source = sparseSource(limits.protobufBytes + 1, []);
    expect(await refusal(fieldsOf(source))).toBe('E_LIMIT protobuf-size');
  });

  const valid = Buffer.concat([bytesField(1, bytesField(1, varintField(1, 2n ** 63n))), fixed32Field(2, 1)]);
  survivesHostileBytes(nested, valid, { refusesEveryTruncation: false });
});

async function fieldsOf(source: ByteSource): Promise<ProtobufField[]> {
  const fields: ProtobufField[] = [];
  await new ProtobufReader(source).message({ offset: 0, length: source.size }, (field) => {
    fields.push(field);
    return undefined;
  });
  return fields;
}

/** Descends into field 1 wherever it is a message. */
async function nested(source: ByteSource): Promise<void> {
  const reader = new ProtobufReader(source);
  const visit = (field: ProtobufField): Promise<void> | undefined =>
    field.number === 1 && field.wire === 'bytes' ? reader.message(field.range, visit) : undefined;
  await reader.message({ offset: 0, length: source.size }, visit);
}
