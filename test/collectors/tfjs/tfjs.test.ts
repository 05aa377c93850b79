import { describe, expect, it } from 'vitest';
import { tfjs } from '../../../src/collectors/tfjs/index.ts';
import { buildInventory } from '../../../src/inventory/build-inventory.ts';
import { collectFiles } from '../../fixtures/collect-files.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { factOf, valuesOf, withoutEvidence } from '../collected.ts';
import { files } from './example.ts';

describe('tfjs', () => {
  it('describes a graph model', async () => {
    const fact = await factOf(tfjs, 'm/model.json', files['tfjs/model.json'] ?? '');
    expect(valuesOf(fact)).toEqual({
      'mlbom:model:format': 'tfjs',
      'mlbom:model:header': ['format=graph-model', 'generated-by=2.15.0'],
      'mlbom:model:operators': 'Conv2D, Placeholder',
      'mlbom:model:producer': 'TensorFlow.js Converter v4.22.0',
      'mlbom:model:quantization': 'uint8',
      inputs: ['x: DT_FLOAT[?,3]'],
    });
    expect(fact.tensors?.tensors).toEqual([
      {
        name: 'conv/kernel',
        dtype: 'U8',
        shape: [3, 2],
        path: 'm/group1-shard1of1.bin',
        offset: 0,
        length: 6,
      },
      { name: 'conv/bias', dtype: 'F32', shape: [2], path: 'm/group1-shard1of1.bin', offset: 6, length: 8 },
    ]);
    expect(withoutEvidence(fact)).toEqual([{ type: 'part', path: 'm/group1-shard1of1.bin', bytes: 14 }]);
  });

  it('describes a layers model', async () => {
    const model = {
      format: 'layers-model',
      modelTopology: {
        keras_version: '2.15.0',
        model_config: {
          class_name: 'Sequential',
          config: { layers: [{ class_name: 'Dense' }, { class_name: 'Dense' }] },
        },
      },
      weightsManifest: [],
    };
    expect(valuesOf(await factOf(tfjs, 'model.json', JSON.stringify(model)))).toEqual({
      'mlbom:model:format': 'tfjs',
      'mlbom:model:header': ['format=layers-model', 'keras_version=2.15.0'],
      'mlbom:model:classes': 'Dense',
      modelArchitecture: 'Sequential',
    });
  });

  it('gives no ranges where the manifest does not say where a file ends', async () => {
    const text = { name: 's', shape: [2], dtype: 'string' };
    const weight = { name: 'w', shape: [2], dtype: 'float32' };
    const manifest = [
      { paths: ['a1', 'a2'], weights: [weight] },
      { paths: ['b'], weights: [text, { ...weight, name: 'v' }] },
    ];
    const fact = await factOf(tfjs, 'm-weights_manifest.json', JSON.stringify(manifest));
    expect(fact.tensors?.tensors.map(({ name, length }) => [name, length])).toEqual([
      ['w', 0],
      ['s', 0],
      ['v', 0],
    ]);
    expect(withoutEvidence(fact)).toMatchObject([
      { path: 'a1', bytes: 0 },
      { path: 'a2', bytes: 0 },
      { path: 'b', bytes: 0 },
    ]);
  });

  it('says which paths lead out of the directory', async () => {
    const manifest = [{ paths: ['../../x.bin'], weights: [{ name: 'w', shape: [1], dtype: 'int32' }] }];
    const { facts, problems } = await tfjs.collect(
      memoryEntry('a-weights_manifest.json', JSON.stringify(manifest)),
    );
    expect(problems).toMatchObject([{ code: 'external-data-escapes', effect: 'contradiction' }]);
    expect(facts[0]?.relations).toEqual([]);
  });

  it.each([
    [
      'a negative dimension',
      [{ paths: ['a'], weights: [{ name: 'w', shape: [-1], dtype: 'int32' }] }],
      'E_MALFORMED tfjs-manifest',
    ],
    [
      'an overflow',
      [{ paths: ['a'], weights: [{ name: 'w', shape: [2 ** 52, 4], dtype: 'int32' }] }],
      'E_MALFORMED tfjs-manifest',
    ],
    [
      'a weight without a name',
      [{ paths: ['a'], weights: [{ shape: [], dtype: 'int32' }] }],
      'E_MALFORMED tfjs-manifest',
    ],
    ['paths that are no texts', [{ paths: [1], weights: [] }], 'E_MALFORMED tfjs-manifest'],
    [
      'too many dimensions',
      [{ paths: ['a'], weights: [{ name: 'w', shape: Array(65).fill(1), dtype: 'int32' }] }],
      'E_LIMIT tfjs-limit',
    ],
  ])('refuses %s', async (_, manifest, expected) => {
    expect(await refusal(tfjs.collect(memoryEntry('m.json', JSON.stringify(manifest))))).toBe(expected);
  });

  it('makes one model of a manifest and its shards, and misses a shard', async () => {
    const own = { 'model.json': files['tfjs/model.json'] ?? '', 'group1-shard1of1.bin': Buffer.alloc(14) };
    const { subject, problems } = buildInventory([await collectFiles(own)]);
    expect(problems).toEqual([]);
    expect(subject.attributes.find(({ name }) => name === 'mlbom:model:parameters')?.value).toBe('8');
    const { 'model.json': alone } = own;
    const missing = buildInventory([await collectFiles({ 'model.json': alone })]);
    expect(missing.problems).toMatchObject([{ code: 'external-data-missing', path: 'group1-shard1of1.bin' }]);
  });
});
