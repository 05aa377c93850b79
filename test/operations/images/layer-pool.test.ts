import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/core/digest.ts';
import { MlbomError } from '../../../src/core/errors.ts';
import type { Blob } from '../../../src/core/image.ts';
import type { LayerTask } from '../../../src/core/layer.ts';
import type { HashingProgress } from '../../../src/manifest/hash-entries.ts';
import { readLayers, type LayerInput } from '../../../src/operations/images/layer-pool.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { pseudoRandomBytes } from '../../fixtures/pseudo-random.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';

const MiB = 1024 * 1024;
const directory = mkdtempSync(join(tmpdir(), 'mlbom-pool-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const digest = (bytes: Uint8Array): Digest => ({
  algorithm: 'sha256',
  hex: createHash('sha256').update(bytes).digest('hex'),
});

interface Layer {
  readonly packed: Uint8Array;
  readonly task: LayerTask;
}

function layer(name: string, size: number): Layer {
  const tar = writeTar([
    { name, content: pseudoRandomBytes(size, name) },
    { name: 'etc/os-release', content: `ID=${name}\nNAME=${name}\n` },
  ]);
  const packed = gzipSync(tar, { level: 1 });
  const content = { kind: 'tar' } as const;
  return {
    packed,
    task: { digest: digest(packed), size: packed.length, diffId: digest(tar), content, describe: true },
  };
}

const layers = [layer('small', 100), layer('large', 9 * MiB), layer('middle', MiB)];

/** As a place on this machine gives it. */
function local({ packed, task }: Layer, name = 'a layer'): LayerInput {
  const file = join(directory, task.digest?.hex ?? '');
  writeFileSync(file, packed);
  return {
    name,
    task: { ...task, local: { file, offset: 0, length: packed.length } },
    open: () => Promise.reject(new Error('it is here')),
  };
}

/** As a registry gives it: in pieces that are parts of larger buffers. */
function remote(
  { packed, task }: Layer,
  name = 'a layer',
  piece: (at: number) => void = () => undefined,
): LayerInput & { opened: number } {
  const input = {
    name,
    task,
    opened: 0,
    open: () => {
      input.opened++;
      const blob: Blob = {
        size: packed.length,
        async *stream() {
          for (let at = 0; at < packed.length; at += 64 * 1024) {
            piece(at);
            yield await Promise.resolve(packed.subarray(at, at + 64 * 1024));
          }
        },
      };
      return Promise.resolve(blob);
    },
  };
  return input;
}

/** This thread; one, and two workers. */
describe.each([0, 1, 2])('readLayers with %i workers', (workers) => {
  it('reads layers from anywhere, in the order in which they were given', async () => {
    const inputs = layers.map((each, n) => (n === 1 ? remote(each) : local(each)));
    const results = await readLayers(inputs, { workers });
    expect(results.map((result) => result.diffId)).toEqual(layers.map(({ task }) => task.diffId));
    expect(results.map(({ entries }) => entries.map(({ path }) => path))).toEqual(
      ['small', 'large', 'middle'].map((name) => [name, 'etc/os-release']),
    );
    for (const { readings } of results) expect(readings.map(({ path }) => path)).toEqual(['etc/os-release']);
  });

  it('reads what is the same blob once', async () => {
    const [first] = layers;
    if (!first) return;
    const input = remote(first);
    const results = await readLayers([input, { ...input, name: 'again' }, input], { workers });
    expect(results).toHaveLength(3);
    expect(input.opened).toBe(1);
  });

  it('fails with the error of the layer that fails, as it was', async () => {
    const inputs = layers.map((each, n) => local(each, `layer ${n + 1} of 3`));
    const [, large] = layers;
    const wrong = digest(Buffer.from('wrong'));
    if (!large) return;
    inputs[1] = remote({ ...large, task: { ...large.task, diffId: wrong } }, 'layer 2 of 3');
    const failed = readLayers(inputs, { workers });
    await expect(failed).rejects.toBeInstanceOf(MlbomError);
    await expect(failed).rejects.toMatchObject({
      code: 'E_DIGEST',
      rule: 'diff-id',
      subject: `sha256:${wrong.hex}`,
    });
    await expect(failed).rejects.toThrow(/^layer 2 of 3: /);
  });

  it('fails with what the place fails with, whenever it does', async () => {
    const [, large] = layers;
    if (!large) return;
    const gone = new MlbomError('E_UNREACHABLE', 'no bytes for a minute');
    const later = remote(large, 'a layer', (at) => {
      if (at > 5 * MiB) throw gone;
    });
    expect(await refusal(readLayers([later], { workers }))).toMatch(/^E_UNREACHABLE/);
    const never: LayerInput = { ...later, open: () => Promise.reject(gone) };
    expect(await refusal(readLayers([never], { workers }))).toMatch(/^E_UNREACHABLE/);
    const missing = { ...later.task, local: { file: join(directory, 'none'), offset: 0, length: 5 } };
    expect(await refusal(readLayers([{ ...later, task: missing }], { workers }))).toMatch(/^E_NOT_FOUND/);
  });

  it('ends when it is interrupted', async () => {
    const [, large] = layers;
    if (!large) return;
    const stop = new AbortController();
    const input = remote(large, 'a layer', (at) => {
      if (at > 5 * MiB) stop.abort();
    });
    const failed = readLayers([input, local(large)], { workers, signal: stop.signal });
    await expect(failed).rejects.toMatchObject({ code: 'E_ABORTED' });
    const before = readLayers([input], { workers, signal: AbortSignal.abort() });
    await expect(before).rejects.toMatchObject({ code: 'E_ABORTED' });
  });

  it('tells how far it is', async () => {
    const told: HashingProgress[] = [];
    await readLayers(
      layers.map((each) => remote(each)),
      { workers, onProgress: (progress) => told.push(progress) },
    );
    const bytes = layers.reduce((sum, { packed }) => sum + packed.length, 0);
    expect(told.at(-1)).toEqual({ bytes, totalBytes: bytes, files: 3, totalFiles: 3 });
  });
});

it('asks a registry for no more than a worker keeps up with', async () => {
  const [, large] = layers;
  if (!large) return;
  let ahead = 0;
  // The thread starts while the first pieces are sent: by then no more than the first ones are there.
  const input = remote(large, 'a layer', (at) => {
    ahead = at;
  });
  const reading = readLayers([input], { workers: 1 });
  while (ahead === 0) await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(ahead).toBeLessThan(6 * MiB);
  await reading;
});
