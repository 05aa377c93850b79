import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readGguf, type GgufScalar, type GgufValue } from '../../src/formats/gguf.ts';
import { writeModelDirectory } from '../fixtures/model-directory.ts';
import {
  addedUp,
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
  readonly version: number;
  readonly big_endian: boolean;
  readonly alignment: number;
  readonly data_offset: number;
  readonly metadata: Readonly<Record<string, { type: 'array' | 'scalar'; element: string; value: unknown }>>;
  readonly tensors: readonly {
    name: string;
    dtype: string;
    shape: number[];
    offset: number;
    length: number;
    elements: number;
    sha256: string;
  }[];
}

const splits = ['00001', '00002', '00003'].map((number) => `theirs/split-${number}-of-00003.gguf`);
const files = [
  'theirs/values.gguf',
  'theirs/quantized.gguf',
  'theirs/big-endian.gguf',
  'ours/gguf/support-Q8_0.gguf',
  ...splits,
];

describeWith('gguf-py', python('gguf'), (peer) => {
  const directory = temporaryDirectory();
  beforeAll(async () => {
    mkdirSync(join(directory, 'theirs'));
    await peer.run(pythonScript('write_gguf'), join(directory, 'theirs'));
    await writeModelDirectory(join(directory, 'ours'));
  });

  test.each(files)('reads the same header from %s', async (file) => {
    const path = join(directory, file);
    const theirs = await readWith<Read>(peer, 'read_gguf', path);
    const ours = await readGguf(sourceOf(path));
    expect(ours).toMatchObject({
      version: theirs.version,
      bigEndian: theirs.big_endian,
      alignment: theirs.alignment,
      dataOffset: theirs.data_offset,
    });
    const metadata = [...ours.metadata].map(([key, value]) => [key, plain(value)]);
    expect(Object.fromEntries(metadata)).toEqual(
      Object.fromEntries(Object.entries(theirs.metadata).map(([key, { value }]) => [key, value])),
    );
    for (const [key, { type, element }] of Object.entries(theirs.metadata)) {
      const value = ours.metadata.get(key);
      if (type === 'array') expect(value, key).toMatchObject({ arrayOf: element });
    }
  });

  test.each(files)('finds the same tensors at the same places in %s', async (file) => {
    const path = join(directory, file);
    const theirs = await readWith<Read>(peer, 'read_gguf', path);
    const ours = await readGguf(sourceOf(path));
    const tensors = ours.tensors.map((tensor) => ({
      ...tensor,
      elements: tensor.shape.reduce((product, dimension) => product * dimension, 1),
      sha256: digestOf(path, tensor),
    }));
    expect(tensors).toEqual(theirs.tensors.toSorted((a, b) => a.offset - b.offset));
  });

  test.each([
    ['theirs', 'model:quantized.gguf', ['theirs/quantized.gguf']],
    ['theirs', 'model:split-00001-of-00003.gguf', splits],
    ['ours', 'model:gguf/support-Q8_0.gguf', ['ours/gguf/support-Q8_0.gguf']],
  ])('in %s, %s adds up to the same model', async (source, ref, parts) => {
    const model = componentAt(await generated(join(directory, source)), ref);
    const read = await Promise.all(
      parts.map((file) => readWith<Read>(peer, 'read_gguf', join(directory, file))),
    );
    expect(totalsOf(model)).toEqual(addedUp(read.flatMap(({ tensors }) => tensors)));
    const said = read[0]?.metadata;
    expect(model.modelCard?.modelParameters?.architectureFamily).toBe(said?.['general.architecture']?.value);
    expect(propertyOf(model, 'mlbom:model:context-length')).toBe(
      String(said?.['llama.context_length']?.value),
    );
    expect(propertyOf(model, 'mlbom:model:layers')).toBe(String(said?.['llama.block_count']?.value));
    expect(model.name).toBe(said?.['general.name']?.value);
  });

  test('holds the bytes whose digests the manifest has, tensor by tensor', async () => {
    const made = await generated(join(directory, 'theirs'));
    for (const file of ['theirs/quantized.gguf', 'theirs/big-endian.gguf', ...splits]) {
      const { tensors } = await readWith<Read>(peer, 'read_gguf', join(directory, file));
      const name = file.replace('theirs/', '');
      expect(tensorDigests(made)).toMatchObject(
        Object.fromEntries(tensors.map((tensor) => [`${name} ${tensor.name}`, tensor.sha256])),
      );
    }
  });
});

/** As the Python side prints it: integers that are not exact in JSON as text, arrays as lists. */
function plain(value: GgufValue): unknown {
  if (typeof value === 'object') return value.values?.map(plainScalar);
  return plainScalar(value);
}

function plainScalar(value: GgufScalar): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
