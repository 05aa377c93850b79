import { describe, expect, it } from 'vitest';
import { attribute } from '../../src/core/fact.ts';
import { parameterCount } from '../../src/core/parameter-count.ts';
import { agree } from '../../src/inventory/agreement.ts';
import { writeGguf } from '../fixtures/gguf-writer.ts';
import { modelFiles, type Files } from '../fixtures/model-directory.ts';
import {
  card,
  ggufBase,
  ggufWeights,
  inventoryOf,
  modelsIn,
  problemsIn,
  valueOf,
  weights,
} from './inventories.ts';

const config = (more: object): string => JSON.stringify({ model_type: 'llama', ...more });
const hub = 'https://huggingface.co';

describe('what the bytes say against what is written', () => {
  it.each<[string, string, Files, string[]]>([
    [
      'the number of parameters',
      'mlbom:model:parameters',
      { 'm.safetensors': weights(1000), 'README.md': card('parameters: 7000') },
      ['1000', '7000'],
    ],
    [
      'the element type',
      'mlbom:model:dtype',
      { 'm.safetensors': weights(8), 'config.json': config({ torch_dtype: 'bfloat16' }) },
      ['F32', 'BF16'],
    ],
    [
      'the architecture',
      'architectureFamily',
      {
        'm.gguf': ggufWeights(8, [['general.architecture', 'string', 'qwen2']]),
        'config.json': config({}),
      },
      ['llama', 'qwen2'],
    ],
    [
      'the licence',
      'license',
      {
        'm.gguf': ggufWeights(8, [['general.license', 'string', 'mit']]),
        'README.md': card('license: apache-2.0'),
      },
      ['apache-2.0', 'mit'],
    ],
    [
      'the base model',
      'base-model',
      {
        'm.gguf': ggufWeights(8, ggufBase('repo_url', `${hub}/example/other`)),
        'README.md': card('base_model: example/base'),
      },
      ['pkg:huggingface/example/base', 'pkg:huggingface/example/other'],
    ],
  ])('keeps both statements about %s, and a problem says so', async (_, name, files, values) => {
    const inventory = await inventoryOf(files);
    expect(problemsIn(inventory)).toEqual(['statements-differ .']);
    expect(inventory.problems[0]?.effect).toBe('contradiction');
    for (const value of values) expect(inventory.problems[0]?.reason).toContain(value);
    const { conflicts } = inventory.subject;
    expect(conflicts.map((conflict) => conflict.attribute)).toEqual([name]);
    expect(conflicts[0]?.statements.map(({ value }) => value).toSorted()).toEqual(values.toSorted());
  });

  it('believes the header of the file that runs before the configuration beside it', async () => {
    const { subject } = await inventoryOf({
      'm.gguf': ggufWeights(8, [['general.architecture', 'string', 'qwen2']]),
      'config.json': config({}),
    });
    expect(subject.attributes.find(({ name }) => name === 'architectureFamily')?.value).toBe('qwen2');
  });

  it('holds each of several models against the card of the whole', async () => {
    const inventory = await inventoryOf({
      'a.safetensors': weights(1000),
      'b.gguf': ggufWeights(1000, [
        ['general.license', 'string', 'mit'],
        ...ggufBase('repo_url', `${hub}/example/other`),
      ]),
      'README.md': card('license: apache-2.0\nparameters: 9000\nbase_model: example/base'),
    });
    expect(problemsIn(inventory)).toEqual([
      'statements-differ a.safetensors',
      'statements-differ b.gguf',
      'statements-differ b.gguf',
      'statements-differ b.gguf',
    ]);
    const conflicts = modelsIn(inventory.subject).map((model) => model.conflicts);
    expect(conflicts.map((list) => list.map((conflict) => conflict.attribute))).toEqual([
      ['mlbom:model:parameters'],
      ['license', 'mlbom:model:parameters', 'base-model'],
    ]);
  });
});

describe('what only looks like a contradiction', () => {
  it.each<[string, Files]>([
    [
      'a family that llama.cpp runs as another',
      {
        'm.gguf': ggufWeights(8, [['general.architecture', 'string', 'llama']]),
        'config.json': config({ model_type: 'mistral' }),
      },
    ],
    [
      'a family in other spelling',
      {
        'm.gguf': ggufWeights(8, [['general.architecture', 'string', 'qwen2moe']]),
        'config.json': config({ model_type: 'qwen2_moe' }),
      },
    ],
    [
      'the element type of quantized blocks',
      { 'm.gguf': ggufWeights(32, [], 'Q8_0'), 'config.json': config({ torch_dtype: 'bfloat16' }) },
    ],
    [
      'the element type and count of packed weights',
      {
        'm.safetensors': weights(100, 'I32'),
        'config.json': config({
          torch_dtype: 'float16',
          quantization_config: { quant_method: 'gptq', bits: 4 },
        }),
        'README.md': card('parameters: 800'),
      },
    ],
    [
      'packed weights beside others',
      {
        'm.safetensors': weights(100, 'U8'),
        'n.safetensors': weights(3, 'F16'),
        'config.json': config({ torch_dtype: 'float16' }),
      },
    ],
    [
      'other names of an element type',
      {
        'm.safetensors': weights(8, 'BF16'),
        'README.md': card('dtype: bfloat16'),
        'config.json': config({ dtype: 'torch.bfloat16' }),
      },
    ],
    ['a rounded number', { 'm.safetensors': weights(6738, 'F16'), 'README.md': card('parameters: 7K') }],
    [
      'a licence in other letters',
      {
        'm.gguf': ggufWeights(8, [['general.license', 'string', 'Apache-2.0']]),
        'README.md': card('license: apache-2.0'),
      },
    ],
    [
      'a licence by its title',
      {
        'm.gguf': ggufWeights(8, [['general.license', 'string', 'Apache License, Version 2.0']]),
        'README.md': card('license: apache-2.0'),
      },
    ],
    [
      'a licence under its older id',
      {
        'm.gguf': ggufWeights(8, [['general.license', 'string', 'GPL-3.0-only']]),
        'README.md': card('license: gpl-3.0'),
      },
    ],
    [
      'a base by its title',
      {
        'm.gguf': ggufWeights(8, ggufBase('name', 'Base 1B Instruct')),
        'README.md': card('base_model: example/Base-1B-Instruct'),
      },
    ],
    [
      'the base of what was quantized',
      {
        'm.gguf': ggufWeights(32, ggufBase('repo_url', `${hub}/example/base`), 'Q8_0'),
        'README.md': card('base_model: example/support\nbase_model_relation: quantized'),
      },
    ],
    [
      'a projector beside the model',
      {
        'm.gguf': ggufWeights(1000, [['general.architecture', 'string', 'llama']]),
        'mmproj.gguf': ggufWeights(64, [['general.architecture', 'string', 'clip']]),
        'README.md': card('parameters: 1000'),
        'config.json': config({}),
      },
    ],
    [
      'an adapter with a card of its own',
      {
        'm.safetensors': weights(1000),
        'lora/a.safetensors': weights(10),
        'lora/README.md': card('license: mit'),
        'README.md': card('parameters: 1000\nlicense: apache-2.0'),
      },
    ],
    [
      'more layers in the header',
      {
        'm.gguf': ggufWeights(8, [
          ['general.architecture', 'string', 'llama'],
          ['llama.block_count', 'uint32', 3],
        ]),
        'config.json': config({ num_hidden_layers: 2 }),
      },
    ],
  ])('is none: %s', async (_, files) => {
    expect(problemsIn(await inventoryOf(files))).toEqual([]);
  });

  it.each([
    [6_738_415_616, '7B', true],
    [8_030_261_248, '8B', true],
    [3_212_749_824, '3B', true],
    [1_235_814_400, '1B', true],
    [1_100_048_384, '1.1B', true],
    [70_553_706_496, '70B', true],
    [8_030_261_248, '7B', false],
    [6_738_415_616, '13B', false],
    [1_543_714_304, '1.1B', false],
    [7_241_732_096, '7241732096', true],
    [7_241_732_096, '8241732097', false],
  ])('takes %d parameters for %s: %s', (count, stated, same) => {
    const name = 'mlbom:model:parameters';
    const observed = attribute(name, String(count), { basis: 'observed', source: 'a', by: 'b' });
    const declared = attribute(name, parameterCount(stated) ?? '', {
      basis: 'declared',
      source: 'a',
      by: 'b',
    });
    expect([agree(observed, declared), agree(declared, observed)]).toEqual([same, same]);
  });
});

describe('ancestors', () => {
  it.each(['a.gguf', 'z.gguf'])('are one, with everybody who names them: %s', async (path) => {
    const { subject } = await inventoryOf({
      [path]: ggufWeights(8, ggufBase('name', 'Base 1B')),
      'README.md': card('base_model: example/base-1b\nbase_model_relation: finetune'),
      'adapter_config.json': JSON.stringify({ base_model_name_or_path: `${hub}/example/Base-1B` }),
    });
    expect(subject.ancestors).toHaveLength(1);
    expect(subject.ancestors[0]?.to.purl?.toLowerCase()).toBe('pkg:huggingface/example/base-1b');
    expect(subject.ancestors[0]?.evidence).toHaveLength(3);
    expect(subject.conflicts).toEqual([]);
  });

  it('of one name in two places are two', async () => {
    const { subject } = await inventoryOf({
      'm.safetensors': weights(4),
      'README.md': card('base_model: [a/base, b/base]'),
    });
    expect(subject.ancestors.map(({ to }) => to.name)).toEqual(['a/base', 'b/base']);
  });

  it('and datasets of a long card are found without comparing every two of them', async () => {
    const numbers = Array.from({ length: 8_000 }, (_, index) => index);
    const bases = numbers.map((number) => `  - org/base${number}`).join('\n');
    const same = numbers.map(() => '  - org/data').join('\n');
    const { subject, items } = await inventoryOf({
      'm.gguf': writeGguf({}),
      'README.md': card(`base_model:\n${bases}\ndatasets:\n${same}`),
    });
    expect(subject.ancestors).toHaveLength(8_000);
    expect(items).toHaveLength(1);
  });
});

it('says of the model directory what its formats say together', async () => {
  const { subject, items } = await inventoryOf(modelFiles());
  expect(valueOf(subject, 'license')).toEqual({ license: 'apache-2.0' });
  expect(valueOf(subject, 'architectureFamily')).toBe('llama');
  expect(valueOf(subject, 'mlbom:model:context-length')).toBe('512');
  expect(valueOf(subject, 'mlbom:model:languages')).toBe('en,de');
  expect(valueOf(subject, 'mlbom:model:library')).toBe('transformers');
  expect(valueOf(subject, 'task')).toBe('text-generation');
  expect(subject.ancestors).toMatchObject([{ how: 'finetune', to: { name: 'example/base-7k' } }]);
  expect(items.map(({ ref }) => ref)).toEqual(subject.datasets);
  const models = modelsIn(subject);
  const counts = models.map((model) => valueOf(model, 'mlbom:model:parameters'));
  expect(counts).toEqual(['256', '7200', '7200', '7200']);
  const dtypes = models.map((model) => valueOf(model, 'mlbom:model:dtype'));
  expect(dtypes).toEqual(['F32', 'Q8_0', 'BF16', 'F32']);
});
