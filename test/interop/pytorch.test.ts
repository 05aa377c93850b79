import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { pytorch } from '../../src/collectors/pytorch/index.ts';
import type { DeclaredTensor } from '../../src/core/fact.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import {
  tensor,
  writeTorchLegacy,
  writeTorchTar,
  writeTorchZip,
  type Pickled,
} from '../fixtures/torch-writer.ts';
import { addedUp, componentAt, digestOf, generated, propertyOf, totalsOf } from './generated.ts';
import { describeWith, python, pythonScript, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Tensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly sha256: string;
}

const kinds = ['state-dict', 'module', 'mixed', 'checkpoint'];
const written = [...kinds.flatMap((kind) => [`${kind}.pt`, `${kind}-legacy.pt`]), 'script.pt'];
const ours = ['zip.pt', 'legacy.pt'];

describeWith('PyTorch', python('torch'), (peer) => {
  const directory = temporaryDirectory();
  beforeAll(async () => {
    mkdirSync(join(directory, 'theirs'));
    mkdirSync(join(directory, 'ours'));
    await peer.run(pythonScript('write_pytorch'), join(directory, 'theirs'));
    const value = (legacy: boolean): Record<string, Pickled> => ({
      a: tensor({ legacy }),
      b: tensor({ key: '1', shape: [2], offset: 1, elements: 4, legacy }),
    });
    const storages = { 0: Buffer.alloc(16, 1), 1: Buffer.alloc(16, 2) };
    const sized = { 0: [storages[0], 4], 1: [storages[1], 4] } as const;
    writeFileSync(join(directory, 'ours/zip.pt'), writeTorchZip({ value: value(false), storages }));
    writeFileSync(join(directory, 'ours/legacy.pt'), writeTorchLegacy(value(true), sized));
    writeFileSync(join(directory, 'ours/tar.pt'), writeTorchTar({ 5: [2, 3], 7: [4] }));
  });

  test.each([...written.map((file) => `theirs/${file}`), ...ours.map((file) => `ours/${file}`)])(
    'loads the same tensors, with the same bytes, from %s',
    async (file) => {
      const path = join(directory, file);
      const theirs = await readWith<readonly Tensor[]>(peer, 'read_pytorch', path);
      const declared = await tensorsOf(path);
      const shapes = declared.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
      expect(shapes.sort(byName)).toEqual(
        theirs.map(({ name, dtype, shape }) => ({ name, dtype, shape })).sort(byName),
      );
      const placed = declared.filter(({ length }) => length > 0);
      expect(placed.length).toBeGreaterThan(0);
      const digests = new Map(theirs.map(({ name, sha256 }) => [name, sha256]));
      for (const { name, offset, length } of placed) {
        expect([name, digestOf(path, { offset, length })]).toEqual([name, digests.get(name)]);
      }
    },
  );

  test('loads as many tensors of the same shapes from the oldest format', async () => {
    const path = join(directory, 'ours/tar.pt');
    const theirs = await readWith<readonly Tensor[]>(peer, 'read_pytorch', path);
    const shapes = (await tensorsOf(path)).map(({ dtype, shape }) => ({ dtype, shape }));
    expect(shapes).toEqual(theirs.map(({ dtype, shape }) => ({ dtype, shape })));
  });

  test('adds up to the parameters of the module, frozen or not', async () => {
    const made = await generated(join(directory, 'theirs'));
    const theirs = await readWith<readonly Tensor[]>(
      peer,
      'read_pytorch',
      join(directory, 'theirs/module.pt'),
    );
    for (const file of ['module.pt', 'checkpoint.pt', 'script.pt']) {
      const model = componentAt(made, `model:${file}`);
      expect(totalsOf(model)).toEqual(addedUp(theirs));
    }
    const frozen = componentAt(made, 'model:frozen.pt');
    expect(propertyOf(frozen, 'mlbom:model:format')).toBe('torchscript');
    expect(Number(propertyOf(frozen, 'mlbom:model:tensors'))).toBeGreaterThan(0);
  });
});

async function tensorsOf(path: string): Promise<DeclaredTensor[]> {
  const { facts } = await pytorch.collect(memoryEntry(path, readFileSync(path)));
  return [...(facts[0]?.tensors?.tensors ?? [])];
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
