import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { readNpyHeader } from '../../src/formats/npy.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';
import { writeNpy, type NpyOptions } from '../fixtures/npy-writer.ts';

describe('readNpyHeader', () => {
  it.each([1, 2, 3] as const)('reads version %s', async (version) => {
    const header = await read({ version, shape: [4, 0, 7], fortranOrder: true });
    expect(header).toMatchObject({
      version: `${version}.0`,
      shape: [4, 0, 7],
      fortranOrder: true,
      dataBytes: 0,
      dtype: { text: '<f4', bytes: 4, hasObjects: false },
    });
  });

  it.each([
    ["'<f8'", '<f8', 8],
    ["'|b1'", '|b1', 1],
    ["'<U7'", '<U7', 28],
    ["'|S12'", '|S12', 12],
    ["'<M8[ns]'", '<M8[ns]', 8],
    ["'<c16'", '<c16', 16],
    ["[('id', '<i8'), ('v', '<f4', (2, 3))]", '{id:<i8, v:<f4[2,3]}', 32],
    ["[(('a title', 'n'), '<i2'), ('in', [('x', '|u1')])]", '{n:<i2, in:{x:|u1}}', 3],
    ["('<f4', (2,))", '<f4[2]', 8],
  ])('knows the type %s', async (descr, text, bytes) => {
    const { dtype } = await read({ descr, shape: [], data: new Uint8Array(bytes) });
    expect(dtype).toEqual({ text, bytes, hasObjects: false });
  });

  it.each(["'|O'", "'T'", "[('a', '<i4'), ('b', '|O')]", "[('a', [('b', '|O', (2,))])]"])(
    'sees objects in %s',
    async (descr) => {
      const header = await read({ descr, shape: [3], data: Buffer.from('a pickle') });
      expect(header.dtype.hasObjects).toBe(true);
      expect(header.dataBytes).toBeUndefined();
    },
  );

  it('reads what Python 2 wrote, and text in other letters', async () => {
    const old = {
      header: "{'descr': '>i4', 'fortran_order': False, 'shape': (2L, 1L), }",
      data: Buffer.alloc(8),
    };
    expect(await read(old)).toMatchObject({ shape: [2, 1], dtype: { text: '>i4' } });
    const unicode = { version: 3, descr: "[('größe', '<f4')]", shape: [1] } as const;
    expect((await read(unicode)).dtype.text).toBe('{größe:<f4}');
    expect((await read({ descr: String.raw`[('\xe9\n', '<f4')]`, shape: [1] })).dtype.text).toBe('{é\n:<f4}');
  });

  it.each([
    ['an expression', "{'descr': '<f4', 'fortran_order': False, 'shape': (1+1,), }", 'npy-header'],
    ['a call', "{'descr': '<f4', 'fortran_order': False, 'shape': tuple(), }", 'npy-header'],
    ['a key twice', "{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (), }", 'npy-header'],
    [
      'a key that is none',
      String.raw`{'descr': '<f4', 'desc\162': 'O', 'fortran_order': False, 'shape': (), }`,
      'npy-header',
    ],
    ['a string in parts', "{'descr': '|' 'O', 'fortran_order': False, 'shape': (), }", 'npy-header'],
    ['no shape', "{'descr': '<f4', 'fortran_order': False, }", 'npy-shape'],
    ['a negative dimension', "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 'npy-shape'],
    [
      'a huge dimension',
      `{'descr': '<f4', 'fortran_order': False, 'shape': (${'9'.repeat(30)},), }`,
      'npy-shape',
    ],
    [
      'an overflowing shape',
      `{'descr': '<f4', 'fortran_order': False, 'shape': (${2 ** 52},${2 ** 52},0), }`,
      'npy-shape',
    ],
    ['a type that is none', "{'descr': 'hello', 'fortran_order': False, 'shape': (), }", 'npy-type'],
    ['something behind', "{'descr': '<f4', 'fortran_order': False, 'shape': (), } 1", 'npy-header'],
    ['missing elements', "{'descr': '<f4', 'fortran_order': False, 'shape': (9,), }", 'npy-truncated'],
  ])('refuses %s', async (_, header, rule) => {
    expect(await refusal(read({ header, data: Buffer.alloc(8) }))).toBe(`E_MALFORMED ${rule}`);
  });

  it('bounds the header, its nesting and its dimensions', async () => {
    const long = writeNpy({ version: 2, header: ' '.repeat(limits.npyHeaderBytes + 1) });
    expect(await refusal(readNpyHeader(memorySource(long)))).toBe('E_LIMIT npy-header-size');
    expect(await refusal(read({ descr: '['.repeat(1000) }))).toBe('E_LIMIT npy-depth');
    const many = { descr: `[${"('a','<i1'),".repeat(limits.npyHeaderValues / 2)}]`, version: 2 } as const;
    expect(await refusal(read(many))).toBe('E_LIMIT npy-values');
    expect(await refusal(read({ shape: Array<number>(65).fill(1) }))).toBe('E_LIMIT npy-dimensions');
  });

  it('reads only the head of a large array', async () => {
    const shape = [5_000_000_000];
    const source = sparseSource(128 + 20_000_000_000, [
      { offset: 0, bytes: writeNpy({ shape, data: new Uint8Array() }) },
    ]);
    expect(await readNpyHeader(source)).toMatchObject({ shape, dataOffset: 128, dataBytes: 20_000_000_000 });
    expect(source.bytesRead).toBeLessThan(100_000);
  });

  survivesHostileBytes(
    readNpyHeader,
    writeNpy({ descr: "[('a', '<i4', (2,)), ('b', '<U2')]", data: Buffer.alloc(96) }),
    {
      refusesEveryTruncation: true,
    },
  );
});

function read(options: NpyOptions): ReturnType<typeof readNpyHeader> {
  return readNpyHeader(memorySource(writeNpy(options)));
}
