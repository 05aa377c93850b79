import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readHdf5 } from '../../src/formats/hdf5/read-hdf5.ts';
import {
  componentAt,
  digestOf,
  generated,
  propertyOf,
  sourceOf,
  tensorDigests,
  totalsOf,
} from './generated.ts';
import { describeWith, python, pythonScript, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Read {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly datasets: readonly {
    path: string;
    dtype: string;
    shape: number[] | null;
    offset: number | null;
    bytes: number;
    sha256: string | null;
  }[];
}

const files = ['earliest', 'latest', 'v108', 'userblock', 'keras'].map((name) => `${name}.h5`);

describeWith('h5py', python('h5py'), (peer) => {
  const directory = temporaryDirectory();
  beforeAll(async () => {
    await peer.run(pythonScript('write_hdf5'), directory);
  });

  test.each(files)('reads the same attributes and datasets from %s', async (file) => {
    const path = join(directory, file);
    const theirs = await readWith<Read>(peer, 'read_hdf5', path);
    const ours = await readHdf5(sourceOf(path));
    expect(ours.unread).toEqual([]);
    expect(trimmed(Object.fromEntries(ours.attributes))).toEqual(trimmed(theirs.attributes));
    const datasets = ours.datasets.map((dataset) => ({
      path: dataset.path,
      shape: dataset.shape ?? null,
      offset: dataset.range?.offset ?? null,
    }));
    expect(datasets.toSorted(byPath)).toEqual(
      theirs.datasets.map(({ path, shape, offset }) => ({ path, shape, offset })).toSorted(byPath),
    );
    for (const { path: name, dtype, range, numeric } of ours.datasets) {
      const peers = theirs.datasets.find((dataset) => dataset.path === name);
      if (numeric) expect(numpyType(dtype), name).toBe(peers?.dtype);
      if (numeric && range) expect(digestOf(path, range), name).toBe(peers?.sha256);
    }
  });

  test.each(['outside-earliest.h5', 'outside-latest.h5'])('finds all that leads out of %s', async (file) => {
    const ours = await readHdf5(sourceOf(join(directory, file)));
    expect(ours.externalLinks).toEqual([{ path: 'link', file: 'other.h5', target: '/x' }]);
    expect(ours.softLinks).toEqual([{ path: 'soft', target: '/external' }]);
    const outside = ours.datasets.map((dataset) => [dataset.path, dataset.storage, dataset.files]);
    expect(outside.toSorted()).toEqual([
      ['external', 'external', ['/etc/passwd']],
      ['virtual', 'virtual', ['other.h5']],
    ]);
  });

  test('models as Keras writes them are models, whose tensors have their digests', async () => {
    expect(readdirSync(directory)).toContain('keras.keras');
    const made = await generated(directory);
    const digests = tensorDigests(made);
    const theirs = await readWith<Read>(peer, 'read_hdf5', join(directory, 'keras.h5'));
    for (const { path, sha256 } of theirs.datasets) expect(digests[`keras.h5 ${path}`]).toBe(sha256);
    const kernel = theirs.datasets.find(({ path }) => path.endsWith('kernel:0'))?.sha256;
    expect(digests['keras.keras layers/dense/vars/0']).toBe(kernel);
    for (const [file, version] of [
      ['keras.h5', '2.15.0'],
      ['keras.keras', '3.8.0'],
    ] as const) {
      const model = componentAt(made, `model:${file}`);
      expect(totalsOf(model)).toEqual({ tensors: 2, parameters: 16, byDtype: { F32: 16 } });
      expect(propertyOf(model, 'mlbom:model:producer')).toBe(`keras ${version}`);
    }
  });
});

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}

/** Padding of texts is none of their content. */
function trimmed(attributes: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.trimEnd() : value,
    ]),
  );
}

/** `>I16` is `>i2`; of one byte there is no order. */
function numpyType(dtype: string): string {
  if (dtype === 'BOOL') return '|b1';
  const match = /^(>?)([FIU])(\d+)$/.exec(dtype);
  const bytes = Number(match?.[3]) / 8;
  return `${bytes === 1 ? '|' : (match?.[1] ?? '') || '<'}${match?.[2]?.toLowerCase()}${bytes}`;
}
