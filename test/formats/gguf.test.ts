import { describe, expect, it } from 'vitest';
import { readGguf } from '../../src/formats/gguf.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { ByteWriter } from '../fixtures/byte-writer.ts';
import type { GgufEntry, GgufOptions, GgufTensor } from '../fixtures/gguf-writer.ts';
import { writeGguf } from '../fixtures/gguf-writer.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

const small: GgufOptions = {
  metadata: [
    ['general.architecture', 'string', 'llama'],
    ['general.tags', 'string[]', ['a', 'b']],
    ['llama.block_count', 'uint32', 2],
    ['rope', 'float64', 0.5],
  ],
  tensors: [
    { name: 'output.weight', type: 'Q8_0', shape: [32, 3] },
    { name: 'norm', type: 'F32', shape: [5] },
  ],
};

describe('readGguf', () => {
  it.each([
    { version: 2, bigEndian: false },
    { version: 3, bigEndian: false },
    { version: 3, bigEndian: true },
  ])('reads version $version, big-endian $bigEndian', async (variant) => {
    const bytes = writeGguf({ ...small, ...variant });
    const header = await readGguf(memorySource(bytes));
    expect(header).toMatchObject({ ...variant, alignment: 32 });
    expect([...header.metadata]).toEqual([
      ['general.architecture', 'llama'],
      ['general.tags', { arrayOf: 'string', length: 2, values: ['a', 'b'] }],
      ['llama.block_count', 2],
      ['rope', 0.5],
    ]);
    expect(header.tensors).toEqual([
      { name: 'output.weight', dtype: 'Q8_0', shape: [32, 3], offset: header.dataOffset, length: 102 },
      { name: 'norm', dtype: 'F32', shape: [5], offset: header.dataOffset + 128, length: 20 },
    ]);
    expect(header.dataOffset + 148).toBe(bytes.length);
  });

  it.each([
    ['uint8', 255, 255],
    ['int8', -1, -1],
    ['uint16', 65_535, 65_535],
    ['int16', -1, -1],
    ['uint32', 4_294_967_295, 4_294_967_295],
    ['int32', -1, -1],
    ['float32', 1.5, 1.5],
    ['bool', true, true],
    ['string', 'é', 'é'],
    ['uint64', 7n, 7],
    ['uint64', 2n ** 64n - 1n, 2n ** 64n - 1n],
    ['int64', -7n, -7],
    ['int64', -(2n ** 63n), -(2n ** 63n)],
    ['float64', 0.1, 0.1],
  ] as const)('reads a %s of %s', async (type, written, expected) => {
    const { metadata } = await read({ metadata: [['k', type, written]] });
    expect(metadata.get('k')).toBe(expected);
    const arrays = await read({ metadata: [['k', `${type}[]`, [written, written]]] });
    expect(arrays.metadata.get('k')).toEqual({ arrayOf: type, length: 2, values: [expected, expected] });
  });

  it('keeps no values of a large array', async () => {
    const { metadata } = await read({
      metadata: [
        ['numbers', 'uint8[]', Array<number>(1025).fill(1)],
        ['many', 'string[]', Array<string>(1025).fill('')],
        ['long', 'string[]', ['x'.repeat(65_536)]],
        ['after', 'uint8', 9],
      ],
    });
    expect([...metadata.values()]).toEqual([
      { arrayOf: 'uint8', length: 1025 },
      { arrayOf: 'string', length: 1025 },
      { arrayOf: 'string', length: 1 },
      9,
    ]);
  });

  it('keeps no values of an array whose strings are not UTF-8, as pieces of a vocabulary may be', async () => {
    const value = new ByteWriter().int(8, 4).int(1, 8).int(1, 8).int(0xff, 1).toBytes();
    const { metadata } = await read({ metadata: [['k', 9, value]] });
    expect(metadata.get('k')).toEqual({ arrayOf: 'string', length: 1 });
  });

  it('passes over a vocabulary of 900,000 tokens', async () => {
    const tokens = new ByteWriter().int(8, 4).int(900_000, 8);
    const token = new ByteWriter().int(7, 8).text('▁token').int(0, 1).toBytes().subarray(0, 15);
    const run = Buffer.concat(Array<Uint8Array>(1000).fill(token));
    for (let i = 0; i < 900; i++) tokens.bytes(run);
    const source = memorySource(writeGguf({ metadata: [['tokenizer.ggml.tokens', 9, tokens.toBytes()]] }));
    const { metadata } = await readGguf(source);
    expect(metadata.get('tokenizer.ggml.tokens')).toEqual({ arrayOf: 'string', length: 900_000 });
  });

  it('places data by general.alignment', async () => {
    const metadata: GgufEntry[] = [['general.alignment', 'uint32', 4096]];
    const tensors: GgufTensor[] = ['a', 'b'].map((name) => ({ name, type: 'F32', shape: [1] }));
    const header = await read({ metadata, tensors, alignment: 4096 });
    expect(header.tensors.map((tensor) => tensor.offset)).toEqual([4096, 8192]);
  });

  it('reads nothing of the tensor data', async () => {
    const size = 400e9;
    const tensors = [{ name: 'w', type: 'I8', shape: [size], data: new Uint8Array() }] as const;
    const head = writeGguf({ tensors });
    const source = sparseSource(head.length + size, [{ offset: 0, bytes: head }]);
    expect((await readGguf(source)).tensors[0]?.length).toBe(size);
    expect(source.bytesRead).toBeLessThan(20_000);
  });

  it('reads a vocabulary-only file, which ends with its header', async () => {
    expect((await read({ metadata: [['k', 'bool', true]] })).tensors).toEqual([]);
  });

  it.each([
    [1, 'E_UNSUPPORTED gguf-v1'],
    [0, 'E_UNSUPPORTED gguf-version'],
    [4, 'E_UNSUPPORTED gguf-version'],
    [0x02000000, 'E_UNSUPPORTED gguf-version'],
  ])('does not read version %i', async (version, expected) => {
    expect(await refusal(read({ version }))).toBe(expected);
  });

  it('refuses another magic', async () => {
    expect(await refusal(readGguf(memorySource(Buffer.from('GGUX\x03\0\0\0'))))).toBe(
      'E_MALFORMED gguf-magic',
    );
  });

  it.each([2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])(
    'refuses a count of %i at once',
    async (count) => {
      for (const options of [{ tensorCount: count }, { entryCount: count }]) {
        const source = memorySource(writeGguf(options));
        // More than any file holds is another matter than a file that was cut.
        const rule = count > 2n ** 32n ? 'gguf-overflow' : 'gguf-truncated';
        expect(await refusal(readGguf(source))).toBe(`E_MALFORMED ${rule}`);
        expect(source.reads).toHaveLength(1);
      }
    },
  );

  it('refuses counts above its limits even where the file could hold them', async () => {
    const head = writeGguf({ entryCount: 65_537 });
    const source = sparseSource(10_000_000, [{ offset: 0, bytes: head }]);
    expect(await refusal(readGguf(source))).toBe('E_LIMIT gguf-count');
  });

  it('refuses metadata beyond 256 MiB without reading it', async () => {
    const value = new ByteWriter().int(0, 4).int(300e6, 8).toBytes();
    const source = sparseSource(400e6, [{ offset: 0, bytes: writeGguf({ metadata: [['k', 9, value]] }) }]);
    expect(await refusal(readGguf(source))).toBe('E_LIMIT gguf-limit');
    expect(source.bytesRead).toBeLessThan(40_000);
  });

  it.each<[string, string, GgufEntry[]]>([
    [
      'a key twice',
      'E_MALFORMED gguf-duplicate-key',
      [
        ['k', 'uint8', 1],
        ['k', 'uint8', 1],
      ],
    ],
    ['an empty key', 'E_MALFORMED gguf-key', [['', 'uint8', 1]]],
    ['a key that is too long', 'E_LIMIT gguf-string', [['k'.repeat(65_536), 'uint8', 1]]],
    ['a string that is too long', 'E_LIMIT gguf-string', [['k', 'string', 'x'.repeat(4 * 1024 * 1024 + 1)]]],
    ['a string longer than the file', 'E_MALFORMED gguf-truncated', [['k', 8, bytes64(1000n)]]],
    ['a string of 2^64 - 1 bytes', 'E_MALFORMED gguf-overflow', [['k', 8, bytes64(2n ** 64n - 1n)]]],
    ['an unknown value type', 'E_MALFORMED gguf-value-type', [['k', 13, new Uint8Array(8)]]],
    ['an array of an unknown type', 'E_MALFORMED gguf-value-type', [['k', 9, array(13, 0n)]]],
    ['an array of arrays', 'E_UNSUPPORTED gguf-nested-array', [['k', 9, array(9, 1n)]]],
    ['an array longer than the file', 'E_MALFORMED gguf-overflow', [['k', 9, array(12, 2n ** 61n)]]],
    ['strings that cannot all be there', 'E_MALFORMED gguf-overflow', [['k', 9, array(8, 2n ** 61n)]]],
    ['a truth value of 2', 'E_MALFORMED gguf-bool', [['k', 7, Uint8Array.of(2)]]],
    [
      'a string that is not UTF-8',
      'E_MALFORMED utf-8',
      [['k', 8, Buffer.concat([bytes64(1n), Uint8Array.of(0xff)])]],
    ],
    ['an alignment of 0', 'E_MALFORMED gguf-alignment', [['general.alignment', 'uint32', 0]]],
    ['an alignment of 24', 'E_MALFORMED gguf-alignment', [['general.alignment', 'uint32', 24]]],
    ['an alignment of 2^31', 'E_LIMIT gguf-alignment', [['general.alignment', 'uint32', 2 ** 31]]],
    ['an alignment of another type', 'E_MALFORMED gguf-alignment', [['general.alignment', 'uint64', 32]]],
  ])('refuses %s', async (_what, expected, metadata) => {
    expect(await refusal(read({ metadata }))).toBe(expected);
  });

  it.each<[string, string, GgufTensor[]]>([
    ['two tensors of one name', 'E_MALFORMED gguf-duplicate-tensor', [tensor({}), tensor({})]],
    ['a name of 64 bytes', 'E_LIMIT gguf-string', [tensor({ name: 'n'.repeat(64) })]],
    ['five dimensions', 'E_LIMIT gguf-dimensions', [tensor({ shape: [1, 1, 1, 1, 1] })]],
    [
      'a type that was given up',
      'E_UNSUPPORTED gguf-tensor-type',
      [tensor({ type: 31, data: new Uint8Array(4) })],
    ],
    [
      'an unknown type',
      'E_UNSUPPORTED gguf-tensor-type',
      [tensor({ type: 2 ** 32 - 1, data: new Uint8Array(4) })],
    ],
    ['half a block', 'E_MALFORMED gguf-block', [tensor({ type: 'Q8_0', shape: [48, 2] })]],
    [
      'dims past the end (CVE-2026-7482)',
      'E_MALFORMED gguf-tensor-past-end',
      [tensor({ shape: [9], data: small32() })],
    ],
    ['an offset of 2^63', 'E_MALFORMED gguf-tensor-past-end', [tensor({ offset: 2n ** 63n })]],
    [
      'an offset that wraps around',
      'E_MALFORMED gguf-tensor-past-end',
      [tensor({ offset: 2n ** 64n - 32n })],
    ],
    [
      'an offset between places',
      'E_MALFORMED gguf-tensor-alignment',
      [tensor({ offset: 1, shape: [4], data: small32() })],
    ],
    ['an overlap', 'E_MALFORMED gguf-tensor-overlap', [tensor({}), tensor({ name: 'b', offset: 0 })]],
    [
      'a product above 2^64 (CVE-2025-53630)',
      'E_MALFORMED gguf-shape',
      [tensor({ shape: [2n ** 32n, 2n ** 32n], data: small32() })],
    ],
    [
      'an overflow before a zero',
      'E_MALFORMED gguf-shape',
      [tensor({ shape: [2n ** 63n, 4n, 0n], data: small32() })],
    ],
  ])('refuses %s', async (_what, expected, tensors) => {
    expect(await refusal(read({ tensors }))).toBe(expected);
  });

  survivesHostileBytes(readGguf, writeGguf(small), { refusesEveryTruncation: true });
});

function read(options: GgufOptions) {
  return readGguf(memorySource(writeGguf(options)));
}

function tensor(options: Partial<GgufTensor>): GgufTensor {
  return { name: 'a', type: 'F32', shape: [8], ...options };
}

function small32(): Uint8Array {
  return new Uint8Array(32);
}

function bytes64(value: bigint): Uint8Array {
  return new ByteWriter().int(value, 8).toBytes();
}

function array(type: number, length: bigint): Uint8Array {
  return new ByteWriter().int(type, 4).int(length, 8).toBytes();
}
