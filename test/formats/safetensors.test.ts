import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { readSafetensors } from '../../src/formats/safetensors.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { ByteWriter } from '../fixtures/byte-writer.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { writeSafetensors, writeSafetensorsHeader } from '../fixtures/safetensors-writer.ts';

const small = writeSafetensors({
  tensors: [
    { name: 'b', dtype: 'F32', shape: [2, 3] },
    { name: 'a', dtype: 'BF16', shape: [] },
  ],
  metadata: { format: 'pt' },
});

describe('readSafetensors', () => {
  it('gives tensors with absolute offsets, in the order of their bytes', async () => {
    const header = await readSafetensors(memorySource(small));
    expect(header.dataOffset).toBe(8 + header.headerBytes);
    expect([...header.metadata]).toEqual([['format', 'pt']]);
    expect(header.tensors).toEqual([
      { name: 'b', dtype: 'F32', shape: [2, 3], offset: header.dataOffset, length: 24 },
      { name: 'a', dtype: 'BF16', shape: [], offset: header.dataOffset + 24, length: 2 },
    ]);
  });

  it('reads the header alone, however much data follows', async () => {
    const size = 400e9;
    const json = `{"w":{"dtype":"U8","shape":[${size}],"data_offsets":[0,${size}]}}`;
    const head = writeSafetensorsHeader(json);
    const source = sparseSource(head.length + size, [{ offset: 0, bytes: head }]);
    expect((await readSafetensors(source)).tensors[0]?.length).toBe(size);
    expect(source.bytesRead).toBeLessThan(20_000);
  });

  it.each([
    ['BOOL', 3, 3],
    ['F4', 2, 1],
    ['F6_E2M3', 4, 3],
    ['F6_E3M2', 4, 3],
    ['F8_E8M0', 3, 3],
    ['F8_E5M2FNUZ', 3, 3],
    ['F16', 3, 6],
    ['U32', 3, 12],
    ['C64', 3, 24],
    ['I64', 3, 24],
  ])('knows %s: %i elements are %i bytes', async (dtype, count, length) => {
    const file = writeSafetensors({ tensors: [{ name: 'x', dtype, shape: [count] }] });
    expect((await readSafetensors(memorySource(file))).tensors[0]).toMatchObject({ dtype, length });
  });

  it('accepts no tensors at all, empty tensors, and null for no metadata', async () => {
    expect((await read('{}')).tensors).toEqual([]);
    expect((await read('{"__metadata__":null}')).metadata.size).toBe(0);
    const empty = await read('{"e":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]}}');
    expect(empty.tensors[0]?.length).toBe(0);
  });

  it('takes __proto__ for a name like any other', async () => {
    const header = await read(
      '{"__metadata__":{"__proto__":"m"},"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      1,
    );
    expect([...header.metadata]).toEqual([['__proto__', 'm']]);
    expect(header.tensors.map((tensor) => tensor.name)).toEqual(['__proto__']);
  });

  it.each([
    ['a hole before the first tensor', 'hole', [entry('a', 1, 3)], 3],
    ['a hole between tensors', 'hole', [entry('a', 0, 2), entry('b', 3, 4)], 4],
    ['an overlap', 'overlap', [entry('a', 0, 4), entry('b', 2, 6)], 6],
    ['two tensors on the same bytes', 'overlap', [entry('a', 0, 4), entry('b', 0, 4)], 4],
    ['bytes after the last tensor', 'trailing', [entry('a', 0, 2)], 3],
    ['data without tensors', 'trailing', [], 1],
    ['a tensor past the end', 'past-end', [entry('a', 0, 4)], 3],
    ['offsets in the wrong order', 'offsets', ['"a":{"dtype":"U8","shape":[0],"data_offsets":[2,1]}'], 2],
    ['one offset', 'offsets', ['"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}'], 0],
    ['a negative offset', 'offsets', ['"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}'], 0],
    ['an offset of 2^53', 'offsets', [`"a":{"dtype":"U8","shape":[1],"data_offsets":[0,${2 ** 53}]}`], 1],
    [
      'a length that is not that of the shape',
      'length',
      ['"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}'],
      4,
    ],
    ['half a byte', 'bits', ['"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}'], 2],
    ['a fractional dimension', 'shape', ['"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}'], 1],
    ['no shape', 'shape', ['"a":{"dtype":"U8","data_offsets":[0,1]}'], 1],
    ['a product above 2^64', 'overflow', [shaped([2 ** 33, 2 ** 33])], 0],
    ['an overflow before a zero', 'overflow', [shaped([2 ** 40, 2 ** 40, 0])], 0],
    ['an overflow in the bits alone', 'overflow', [shaped([2 ** 51])], 0],
    ['no dtype', 'tensor', ['"a":{"shape":[1],"data_offsets":[0,1]}'], 1],
    ['an entry that is a list', 'tensor', ['"a":[]'], 0],
    ['metadata that is not text', 'metadata', ['"__metadata__":{"a":1}'], 0],
    ['metadata that is a list', 'metadata', ['"__metadata__":[]'], 0],
  ])('refuses %s', async (_what, rule, entries, dataBytes) => {
    expect(await refusal(read(`{${entries.join(',')}}`, dataBytes))).toBe(`E_MALFORMED safetensors-${rule}`);
  });

  it('refuses names that appear twice, at every level', async () => {
    const twice = 'E_MALFORMED json-duplicate-key';
    expect(await refusal(read(`{${entry('a', 0, 1)},${entry('a', 1, 2)}}`, 2))).toBe(twice);
    expect(await refusal(read('{"__metadata__":{"a":"1","a":"2"}}'))).toBe(twice);
    expect(await refusal(read('{"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}', 1))).toBe(
      twice,
    );
  });

  it('does not read a dtype that the official loader has not', async () => {
    const file = read('{"a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}}', 16);
    expect(await refusal(file)).toBe('E_UNSUPPORTED safetensors-dtype');
  });

  it('refuses more dimensions than NumPy has', async () => {
    expect(await refusal(read(`{${shaped(Array<number>(65).fill(1))}}`))).toBe(
      'E_LIMIT safetensors-dimensions',
    );
  });

  it.each([
    [2n ** 64n - 1n, 'E_MALFORMED'],
    [2n ** 53n, 'E_MALFORMED'],
    [53n, 'E_MALFORMED'],
  ])('refuses a file of 60 bytes whose header claims %i at once', async (claim, code) => {
    const source = memorySource(new ByteWriter().int(claim, 8).bytes(new Uint8Array(52)).toBytes());
    expect(await refusal(readSafetensors(source))).toBe(`${code} safetensors-header-end`);
    expect(source.reads).toHaveLength(1);
  });

  it('refuses a header above 100,000,000 bytes without reading it', async () => {
    const source = sparseSource(200_000_000, [
      { offset: 0, bytes: new ByteWriter().int(100_000_001, 8).toBytes() },
    ]);
    expect(await refusal(readSafetensors(source))).toBe('E_LIMIT safetensors-header-size');
    expect(source.bytesRead).toBeLessThan(20_000);
  });

  it('refuses a header that does not begin with a brace, is no JSON or no UTF-8', async () => {
    expect(await refusal(read(' {}'))).toBe('E_MALFORMED safetensors-header-start');
    expect(await refusal(read(''))).toBe('E_MALFORMED safetensors-header-start');
    expect(await refusal(read('{'))).toBe('E_MALFORMED json');
    expect(await refusal(read(`{"a":${'['.repeat(200)}`))).toBe('E_LIMIT json-depth');
    const invalid = new ByteWriter()
      .int(4, 8)
      .bytes(Uint8Array.of(0x7b, 0xff, 0xff, 0x7d))
      .toBytes();
    expect(await refusal(readSafetensors(memorySource(invalid)))).toBe('E_MALFORMED utf-8');
  });

  it('reads 100,000 tensors', async () => {
    const tensors = Array.from({ length: 100_000 }, (_, i) =>
      entry(`model.layers.${i}.self_attn.q_proj.weight`, i, i + 1),
    );
    const file = memorySource(writeSafetensorsHeader(`{${tensors.join(',')}}`, new Uint8Array(100_000)));
    expect((await readSafetensors(file)).tensors).toHaveLength(100_000);
  });

  it('refuses a header that would unfold to gigabytes in memory', async () => {
    const header = `{"a":[${'"",'.repeat(limits.jsonValues)}""]}`;
    expect(await refusal(read(header))).toBe('E_LIMIT json-values');
  });

  survivesHostileBytes(readSafetensors, small, { refusesEveryTruncation: true });
});

function read(header: string, dataBytes = 0) {
  return readSafetensors(memorySource(writeSafetensorsHeader(header, new Uint8Array(dataBytes))));
}

function entry(name: string, begin: number, end: number): string {
  return `"${name}":{"dtype":"U8","shape":[${end - begin}],"data_offsets":[${begin},${end}]}`;
}

function shaped(shape: number[]): string {
  return `"a":{"dtype":"F32","shape":${JSON.stringify(shape)},"data_offsets":[0,0]}`;
}
