import { describe, expect, it } from 'vitest';
import { writeGguf } from '../fixtures/gguf-writer.ts';
import { modelFiles, type Files } from '../fixtures/model-directory.ts';
import { writeOnnx, type OnnxTensorOptions } from '../fixtures/onnx-writer.ts';
import { writeSafetensors } from '../fixtures/safetensors-writer.ts';
import { inventoryOf, modelsIn, problemsIn, valueOf, weights } from './inventories.ts';

const first = 'model-00001-of-00002.safetensors';
const second = 'model-00002-of-00002.safetensors';
const index = 'model.safetensors.index.json';

function shard(...names: string[]): Uint8Array {
  return writeSafetensors({ tensors: names.map((name) => ({ name, dtype: 'F32', shape: [4] })) });
}

function indexOf(map: Record<string, string>): string {
  return JSON.stringify({ metadata: {}, weight_map: map });
}

const shards = { [first]: shard('a', 'b'), [second]: shard('c') };
const whole = { ...shards, [index]: indexOf({ a: first, b: first, c: second }) };

describe('safetensors shards', () => {
  it('are one model with their index', async () => {
    const inventory = await inventoryOf(whole);
    expect(problemsIn(inventory)).toEqual([]);
    expect(modelsIn(inventory.subject)).toEqual([]);
    expect(inventory.subject.type).toBe('machine-learning-model');
    expect(valueOf(inventory.subject, 'mlbom:model:tensors')).toBe('3');
    expect(valueOf(inventory.subject, 'mlbom:model:parameters-by-dtype')).toBe('{"F32":12}');
    expect(inventory.subject.items.map(({ file }) => file?.path)).toEqual([first, second, index]);
  });

  it('are one model by their numbers alone', async () => {
    const inventory = await inventoryOf(shards);
    expect(problemsIn(inventory)).toEqual([]);
    expect(valueOf(inventory.subject, 'mlbom:model:tensors')).toBe('3');
  });

  it.each<[string, Files, string[]]>([
    ['a shard is missing', { [first]: shard('a', 'b'), [index]: whole[index] }, [`shard-missing ${second}`]],
    ['a shard is missing, and there is no index', { [second]: shard('c') }, [`shard-missing ${second}`]],
    [
      'the index says another size',
      {
        ...whole,
        [index]: JSON.stringify({
          metadata: { total_size: 1 },
          weight_map: { a: first, b: first, c: second },
        }),
      },
      [`index-size ${index}`],
    ],
    ['a tensor is missing', { ...whole, [first]: shard('a') }, [`tensor-missing ${first}`]],
    [
      'a tensor lies in the other shard',
      { ...whole, [first]: shard('a'), [second]: shard('b', 'c') },
      [`tensor-missing ${first}`, `tensor-unlisted ${second}`],
    ],
    [
      'the index does not list a tensor',
      { ...whole, [second]: shard('c', 'd') },
      [`tensor-unlisted ${second}`],
    ],
    [
      'the index does not list a shard',
      { ...whole, [index]: indexOf({ a: first, b: first }) },
      [`shard-unlisted ${second}`],
    ],
    [
      'a shard numbers itself beyond their count',
      { ...shards, 'model-00003-of-00002.safetensors': shard('x') },
      ['shard-unlisted model-00003-of-00002.safetensors'],
    ],
    [
      'a shard is no weights at all',
      {
        ...whole,
        [index]: indexOf({ a: first, b: first, c: second, d: 'README.md' }),
        'README.md': 'd',
      },
      ['shard-unread README.md'],
    ],
    [
      'a shard cannot be read',
      { ...whole, [second]: 'broken' },
      [`safetensors-truncated ${second}`, `shard-unread ${second}`],
    ],
  ])('are told apart from a whole model when %s', async (_, files, expected) => {
    expect(problemsIn(await inventoryOf(files))).toEqual(expected);
  });

  it('of two counts are two models', async () => {
    const inventory = await inventoryOf({
      'm-00001-of-00001.safetensors': shard('a'),
      'm-00001-of-00002.safetensors': shard('a'),
      'm-00002-of-00002.safetensors': shard('b'),
    });
    expect(modelsIn(inventory.subject).map(({ items }) => items.length)).toEqual([1, 2]);
  });

  it('do not join a file whose name looks like the name of their set', async () => {
    const inventory = await inventoryOf({ ...shards, 'model.safetensors/00002': 'x', m: 'x' });
    expect(problemsIn(inventory)).toEqual([]);
    expect(inventory.subject.items).toHaveLength(4);
  });
});

describe('GGUF splits', () => {
  const split = (number: number): Uint8Array =>
    writeGguf({
      metadata: [
        ['split.no', 'uint16', number],
        ['split.count', 'uint16', 3],
      ],
      tensors: [{ name: `t${number}`, type: 'F32', shape: [4] }],
    });

  it('are one model, and a missing one is named by its number', async () => {
    const files = { 'a/m-00001-of-00003.gguf': split(0), 'a/m-00002-of-00003.gguf': split(1) };
    const inventory = await inventoryOf(files);
    expect(problemsIn(inventory)).toEqual(['shard-missing a/m-00001-of-00003.gguf']);
    expect(inventory.problems[0]?.reason).toContain('missing: 3');
    const complete = await inventoryOf({ ...files, 'a/m-00003-of-00003.gguf': split(2) });
    expect(problemsIn(complete)).toEqual([]);
    expect(valueOf(complete.subject, 'mlbom:model:tensors')).toBe('3');
  });

  it('do not make anybody count to what a header claims', async () => {
    const file = writeGguf({
      metadata: [
        ['split.no', 'uint64', 0],
        ['split.count', 'uint64', 2n ** 53n - 1n],
      ],
    });
    const inventory = await inventoryOf({ 'm-00001-of-00002.gguf': file });
    expect(problemsIn(inventory)).toEqual(['shard-missing m-00001-of-00002.gguf']);
  });
});

describe('ONNX external data', () => {
  function model(...places: (readonly [name: string, location: string, offset: number])[]): Uint8Array {
    const initializers = places.map(([name, location, offset]): OnnxTensorOptions => ({
      name,
      dtype: 'FLOAT',
      shape: [4],
      external: [
        ['location', location],
        ['offset', String(offset)],
        ['length', '16'],
      ],
    }));
    return writeOnnx({ graph: { initializers } });
  }

  it('belongs to the model', async () => {
    const inventory = await inventoryOf({
      'm.onnx': model(['w', 'm.data', 0]),
      'm.data': Buffer.alloc(16),
    });
    expect(problemsIn(inventory)).toEqual([]);
    expect(modelsIn(inventory.subject)).toEqual([]);
    expect(valueOf(inventory.subject, 'mlbom:model:parameters')).toBe('4');
  });

  it('that several graphs share makes them one model, whose tensors count once', async () => {
    const inventory = await inventoryOf({
      'other.safetensors': weights(1),
      'decoder.onnx': model(['w', 'a.data', 0], ['v', 'a.data', 16]),
      'decoder_with_past.onnx': model(['w', 'a.data', 0], ['u', 'a.data', 32]),
      'a.data': Buffer.alloc(48),
    });
    expect(problemsIn(inventory)).toEqual([]);
    const [shared, ...others] = modelsIn(inventory.subject);
    expect(others).toHaveLength(1);
    expect(shared?.items.map(({ file }) => file?.path)).toEqual([
      'a.data',
      'decoder.onnx',
      'decoder_with_past.onnx',
    ]);
    expect(valueOf(shared, 'mlbom:model:tensors')).toBe('3');
    expect(valueOf(shared, 'mlbom:model:parameters')).toBe('12');
    expect(valueOf(shared, 'name')).toBe('decoder');
  });

  it.each<[string, Files, string, string]>([
    ['missing', {}, 'm.data', 'external-data-missing a/m.data'],
    ['too short', { 'a/m.data': Buffer.alloc(31) }, 'm.data', 'external-data-short a/m.data'],
    ['outside the directory', { secret: Buffer.alloc(64) }, '../secret', 'external-data-escapes a/m.onnx'],
  ])('is a problem when it is %s', async (_, files, location, problem) => {
    const inventory = await inventoryOf({ ...files, 'a/m.onnx': model(['w', location, 16]) });
    expect(problemsIn(inventory)).toEqual([problem]);
  });

  it('may claim more elements than there are numbers for', async () => {
    const initializers = [1, 2, 3].map((n): OnnxTensorOptions => ({
      name: `w${n}`,
      dtype: 'INT8',
      shape: [2 ** 52],
      external: [['location', `d${n}`]],
    }));
    const inventory = await inventoryOf({ 'm.onnx': writeOnnx({ graph: { initializers } }) });
    expect(valueOf(inventory.subject, 'mlbom:model:tensors')).toBe('3');
    expect(valueOf(inventory.subject, 'mlbom:model:parameters')).toBeUndefined();
  });
});

it('finds nothing to say against the model directory', async () => {
  expect(problemsIn(await inventoryOf(modelFiles()))).toEqual([]);
});
