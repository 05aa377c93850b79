import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { numpy } from '../../src/collectors/numpy/index.ts';
import { readNpyHeader } from '../../src/formats/npy.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import { writeNpy } from '../fixtures/npy-writer.ts';
import { sourceOf } from './generated.ts';
import { describeWith, python, pythonScript, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Array {
  readonly shape: readonly number[];
  readonly bytes: number | null;
  readonly order: string;
  readonly total: number | null;
}

describeWith('NumPy', python('numpy'), (peer) => {
  const directory = temporaryDirectory();
  let arrays: Readonly<Record<string, Array>> = {};
  beforeAll(async () => {
    arrays = JSON.parse(await peer.run(pythonScript('write_numpy'), directory)) as typeof arrays;
  });

  test('writes headers that say the same here', async () => {
    expect(Object.keys(arrays)).toHaveLength(12);
    for (const [name, { shape, bytes, order, total }] of Object.entries(arrays)) {
      const source = sourceOf(join(directory, `${name}.npy`));
      const header = await readNpyHeader(source);
      const said = {
        shape: header.shape,
        bytes: header.dtype.bytes ?? null,
        order: header.fortranOrder ? 'Fortran' : 'C',
        total: header.dataBytes ?? null,
      };
      expect([name, said]).toEqual([name, { shape, bytes, order, total }]);
      if (total !== null) expect(header.dataOffset + total).toBe(source.size);
    }
  });

  test.each(['plain.npz', 'packed.npz'])('packs the same arrays into %s', async (file) => {
    const path = join(directory, file);
    const { facts } = await numpy.collect(memoryEntry(path, readFileSync(path)));
    const headers = facts[0]?.attributes.flatMap(({ name, value }) =>
      name === 'mlbom:file:header' ? [value] : [],
    );
    expect(headers).toEqual([
      'arrays=3',
      'plain=<f8[3,4]',
      'scalar=<i8[]',
      'record={id:<i8, größe:<f4[2,3], inner:{x:|u1, name:<U7}}[3]',
    ]);
  });

  test.each([1, 2, 3] as const)('reads version %s of ours', async (version) => {
    const path = join(directory, `ours-${version}.npy`);
    writeFileSync(path, writeNpy({ version, descr: "'>i4'", shape: [2, 3], fortranOrder: true }));
    expect(await readWith(peer, 'read_numpy', path)).toEqual({ dtype: '>i4', shape: [2, 3], fortran: true });
  });
});
