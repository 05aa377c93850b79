import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readSafetensors } from '../../src/formats/safetensors.ts';
import { writeModelDirectory } from '../fixtures/model-directory.ts';
import { addedUp, componentAt, digestOf, generated, sourceOf, tensorDigests, totalsOf } from './generated.ts';
import { describeWith, python, pythonScript, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Read {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly { name: string; dtype: string; shape: number[]; sha256: string }[];
}

const shards = ['ours/model-00001-of-00002.safetensors', 'ours/model-00002-of-00002.safetensors'] as const;
const files = [
  'theirs/numpy.safetensors',
  'theirs/small-floats.safetensors',
  'theirs/no-tensors.safetensors',
  'ours/adapter/adapter_model.safetensors',
  ...shards,
];

describeWith('the safetensors library', python('safetensors', 'ml_dtypes'), (peer) => {
  const directory = temporaryDirectory();
  beforeAll(async () => {
    mkdirSync(join(directory, 'theirs'));
    await peer.run(pythonScript('write_safetensors'), join(directory, 'theirs'));
    await writeModelDirectory(join(directory, 'ours'));
  });

  test.each(files)('reads the same tensors and metadata from %s', async (file) => {
    const path = join(directory, file);
    const theirs = await readWith<Read>(peer, 'read_safetensors', path);
    const ours = await readSafetensors(sourceOf(path));
    expect([...ours.metadata].sort()).toEqual(Object.entries(theirs.metadata).sort());
    const tensors = ours.tensors.map(({ name, dtype, shape, offset, length }) => {
      return { name, dtype, shape, sha256: digestOf(path, { offset, length }) };
    });
    expect(tensors.sort(byName)).toEqual(theirs.tensors.toSorted(byName));
  });

  test('adds up to the same model over all shards', async () => {
    const made = await generated(join(directory, 'ours'));
    const read = shards.map((file) => readWith<Read>(peer, 'read_safetensors', join(directory, file)));
    const tensors = (await Promise.all(read)).flatMap((shard) => shard.tensors);
    const model = componentAt(made, 'model:model-00001-of-00002.safetensors');
    expect(totalsOf(model)).toEqual(addedUp(tensors));
  });

  test('holds the bytes whose digests the manifest has, tensor by tensor', async () => {
    const made = await generated(join(directory, 'theirs'));
    const { tensors } = await readWith<Read>(
      peer,
      'read_safetensors',
      join(directory, 'theirs/numpy.safetensors'),
    );
    const stored = tensors.filter(({ shape }) => !shape.includes(0));
    expect(tensorDigests(made)).toMatchObject(
      Object.fromEntries(stored.map(({ name, sha256 }) => [`numpy.safetensors ${name}`, sha256])),
    );
  });
});

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
