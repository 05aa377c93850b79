import { describe, expect, it } from 'vitest';
import { readHdf5 } from '../../src/formats/hdf5/read-hdf5.ts';
import { memorySource, sparseSource } from '../fixtures/byte-source.ts';
import { writeHdf5, type Hdf5Options } from '../fixtures/hdf5-writer.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

const small: Hdf5Options = {
  attributes: [
    ['model_config', '{"class_name": "Sequential"}'],
    ['backend', 'fixed:tensorflow'],
    ['count', 3],
    ['layer_names', ['dense', 'größe']],
  ],
  datasets: [
    { path: 'layers/dense/vars/0', shape: [3, 4] },
    { path: 'layers/dense/vars/1', dtype: 'F16', shape: [4], storage: 'chunked' },
  ],
};

const variants: readonly (readonly [string, Hdf5Options])[] = [
  ['symbol tables', { version: 0 }],
  ['symbol tables, continued', { version: 0, continued: true }],
  ['links', { version: 2 }],
  ['links, continued', { version: 2, continued: true }],
  ['dense storage', { version: 2, dense: true }],
  ['a user block', { version: 0, userBlock: 512 }],
  ['a longer user block', { version: 2, userBlock: 1024 }],
];

describe('readHdf5', () => {
  it.each(variants)('reads groups, datasets and attributes with %s', async (_name, variant) => {
    const bytes = writeHdf5({ ...small, ...variant });
    const file = await readHdf5(memorySource(bytes));
    expect(file).toMatchObject({
      version: variant.version,
      groups: 4,
      unread: [],
      externalLinks: [],
      softLinks: [],
    });
    expect(Object.fromEntries(file.attributes)).toEqual({
      model_config: '{"class_name": "Sequential"}',
      backend: 'tensorflow',
      count: 3,
      layer_names: ['dense', 'größe'],
    });
    const [first, second] = file.datasets;
    expect(first).toMatchObject({
      path: 'layers/dense/vars/0',
      dtype: 'F32',
      shape: [3, 4],
      range: { length: 48 },
    });
    expect(second).toMatchObject({
      path: 'layers/dense/vars/1',
      dtype: 'F16',
      shape: [4],
      storage: 'chunked',
    });
    expect(second).not.toHaveProperty('range');
  });

  it.each([
    ['F32', 4, 'F32'],
    ['>F64', 8, '>F64'],
    ['F16', 2, 'F16'],
    ['BF16', 2, 'BF16'],
    ['I64', 8, 'I64'],
    ['U8', 1, 'U8'],
    ['string', 16, 'string'],
  ] as const)('calls %s, of %i bytes, %s', async (dtype, bytes, name) => {
    const file = await read({ datasets: [{ path: 'a', dtype, shape: [2] }] });
    expect(file.datasets).toMatchObject([{ dtype: name, bytes: 2 * bytes, numeric: dtype !== 'string' }]);
  });

  it('says where data lie: compact ones in the header, none where nothing was written', async () => {
    const bytes = writeHdf5({
      datasets: [
        { path: 'compact', shape: [2], storage: 'compact' },
        { path: 'late', shape: [1000], storage: 'late' },
      ],
    });
    const { datasets } = await readHdf5(memorySource(bytes));
    const [compact, late] = datasets;
    expect(compact).toMatchObject({ storage: 'compact', range: { length: 8 } });
    expect(late).not.toHaveProperty('range');
  });

  it('tells of everything that leads out of the file', async () => {
    const file = await read({
      version: 2,
      datasets: [
        { path: 'external', shape: [4], file: '/etc/passwd' },
        { path: 'virtual', shape: [4], storage: 'virtual', file: 'other.h5' },
        { path: 'inside', shape: [4], storage: 'virtual' },
      ],
      externalLinks: [{ path: 'g/link', file: 'other.h5', target: '/x' }],
      softLinks: [{ path: 'soft', target: '/g' }],
    });
    expect(file.externalLinks).toEqual([{ path: 'g/link', file: 'other.h5', target: '/x' }]);
    expect(file.softLinks).toEqual([{ path: 'soft', target: '/g' }]);
    expect(file.datasets.map(({ path, storage, files }) => [path, storage, files])).toEqual([
      ['external', 'external', ['/etc/passwd']],
      ['inside', 'virtual', []],
      ['virtual', 'virtual', ['other.h5']],
    ]);
  });

  it('reads soft links of symbol tables', async () => {
    const file = await read({
      datasets: [{ path: 'a', shape: [1] }],
      softLinks: [{ path: 'b', target: '/a' }],
    });
    expect(file.softLinks).toEqual([{ path: 'b', target: '/a' }]);
  });

  it('looks at an object with two names once', async () => {
    const bytes = Buffer.from(
      writeHdf5({
        version: 2,
        datasets: [
          { path: 'a', shape: [1] },
          { path: 'b', shape: [1] },
        ],
      }),
    );
    // Both links now lead to the object of the first.
    const [first, second] = ['a', 'b'].map(
      (name) => bytes.lastIndexOf(Buffer.from(`\u0001\u0008\0\u0001${name}`)) + 5,
    );
    bytes.copy(bytes, second ?? 0, first ?? 0, (first ?? 0) + 8);
    expect((await readHdf5(memorySource(bytes))).datasets).toMatchObject([{ path: 'a' }]);
  });

  it('fetches little of a file of gigabytes', async () => {
    const bytes = writeHdf5(small);
    const end = 40;
    const size = 20 * 1024 ** 3;
    new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(end, BigInt(size), true);
    const source = sparseSource(size, [{ offset: 0, bytes }]);
    expect((await readHdf5(source)).datasets).toHaveLength(2);
    expect(source.bytesRead).toBeLessThan(64 * 1024);
  });

  it.each([
    ['no signature', 'E_MALFORMED hdf5-signature', (bytes: Uint8Array) => void (bytes[0] = 0)],
    ['a newer superblock', 'E_UNSUPPORTED hdf5-superblock', (bytes: Uint8Array) => void (bytes[8] = 4)],
    ['addresses of three bytes', 'E_UNSUPPORTED hdf5-width', (bytes: Uint8Array) => void (bytes[13] = 3)],
    ['an end behind its end', 'E_MALFORMED hdf5-truncated', (bytes: Uint8Array) => void (bytes[47] = 1)],
  ])('refuses %s', async (_what, expected, change) => {
    const bytes = writeHdf5(small);
    change(bytes);
    expect(await refusal(readHdf5(memorySource(bytes)))).toBe(expected);
  });

  it.each([
    ['dimensions whose product is beyond any file', 'E_MALFORMED hdf5-shape', [2n ** 40n, 2n ** 40n]],
    ['too many dimensions', 'E_LIMIT hdf5-dimensions', Array<number>(65).fill(1)],
  ])('refuses %s', async (_what, expected, shape) => {
    expect(await refusal(read({ datasets: [{ path: 'a', shape, storage: 'late' }] }))).toBe(expected);
  });

  it('costs no more than one attribute when one cannot be read', async () => {
    const bytes = Buffer.from(writeHdf5(small));
    bytes.write('XXXX', bytes.indexOf('GCOL'));
    const file = await readHdf5(memorySource(bytes));
    expect([...file.attributes.keys()]).toEqual(['backend', 'count', 'layer_names']);
    expect(file.unread).toMatchObject([{ path: '' }]);
  });

  describe.each(variants.slice(0, 5))('with %s', (_name, variant) => {
    survivesHostileBytes(readHdf5, writeHdf5({ ...tiny, ...variant }), { refusesEveryTruncation: true });
  });
});

const tiny: Hdf5Options = {
  attributes: [['a', 'text']],
  datasets: [
    { path: 'g/x', shape: [2], file: 'other' },
    { path: 'y', shape: [2], storage: 'virtual', file: 'o' },
  ],
};

function read(options: Hdf5Options) {
  return readHdf5(memorySource(writeHdf5(options)));
}
