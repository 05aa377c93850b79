import { describe, expect, it } from 'vitest';
import { attribute, type Fact } from '../../src/core/fact.ts';
import type { Item } from '../../src/core/inventory.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import { collectFiles } from '../fixtures/collect-files.ts';
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

function refsIn(item: Item): string[] {
  return [item.ref, ...item.ancestors.map(({ ref }) => ref), ...item.items.flatMap(refsIn)];
}

describe('several models in one directory', () => {
  const files = {
    'README.md': card('license: apache-2.0\npipeline_tag: text-to-image'),
    'unet/diffusion.safetensors': weights(8),
    'unet/config.json': JSON.stringify({ model_type: 'unet', architectures: ['UNet'] }),
    'text/deep/encoder.safetensors': weights(4),
    'text/config.json': JSON.stringify({ model_type: 'clip' }),
    'tokenizer/tokenizer_config.json': JSON.stringify({ tokenizer_class: 'CLIPTokenizer' }),
    'vae.safetensors': weights(2),
    'notes.txt': 'a',
  };

  it('are nested, each with its files and what the nearest directory says', async () => {
    const { subject } = await inventoryOf(files);
    expect(subject.type).toBe('machine-learning-model');
    const models = modelsIn(subject);
    expect(models.map(({ ref }) => ref)).toEqual([
      'model:text/deep/encoder.safetensors',
      'model:unet/diffusion.safetensors',
      'model:vae.safetensors',
    ]);
    expect(models.map((model) => valueOf(model, 'name'))).toEqual(['encoder', 'diffusion', 'vae']);
    const families = models.map((model) => valueOf(model, 'architectureFamily'));
    expect(families).toEqual(['clip', 'unet', undefined]);
    expect(models.map(({ items }) => items.map(({ ref }) => ref))).toEqual([
      ['file:text/deep/encoder.safetensors'],
      ['file:unet/diffusion.safetensors'],
      ['file:vae.safetensors'],
    ]);
    expect(subject.dependsOn).toEqual(models.map(({ ref }) => ref));
  });

  it('leave to the whole what stands at its root, what describes no weights, and all other files', async () => {
    const { subject } = await inventoryOf(files);
    expect(valueOf(subject, 'task')).toBe('text-to-image');
    expect(valueOf(subject, 'architectureFamily')).toBeUndefined();
    expect(valueOf(subject, 'mlbom:model:tokenizer')).toBe('CLIPTokenizer');
    expect(valueOf(subject, 'mlbom:model:parameters')).toBeUndefined();
    expect(subject.items.filter(({ file }) => file).map(({ ref }) => ref)).toEqual([
      'file:README.md',
      'file:notes.txt',
      'file:text/config.json',
      'file:tokenizer/tokenizer_config.json',
      'file:unet/config.json',
    ]);
  });
});

describe('files that no collector knows', () => {
  it('are an application of files', async () => {
    const { subject, problems } = await inventoryOf({ 'a.bin': 'x', 'b/c': '' });
    expect(subject.type).toBe('application');
    expect(subject.items.map(({ file }) => file?.path)).toEqual(['a.bin', 'b/c']);
    expect(valueOf(subject, 'name')).toBe('support');
    expect(problems).toEqual([]);
  });

  it('may be none', async () => {
    const { subject } = await inventoryOf({});
    expect(subject.items).toEqual([]);
    expect(subject.artifact?.whole?.manifest.files).toEqual([]);
  });

  it('are in the picture, as the models of their names, with their own problems when they cannot be read', async () => {
    const inventory = await inventoryOf({ 'a.safetensors': 'broken', 'b.gguf': '' });
    const { items: models } = inventory.subject;
    expect(models.map(({ type }) => type)).toEqual(['machine-learning-model', 'machine-learning-model']);
    const files = models.flatMap(({ items }) => items.map(({ file }) => file?.path));
    expect(files).toEqual(['a.safetensors', 'b.gguf']);
    expect(inventory.problems.map(({ path }) => path)).toEqual(['a.safetensors', 'b.gguf']);
    expect(inventory.subject.problems).toEqual([]);
  });
});

describe('refs', () => {
  it('are unique in a system of several sources, whatever those are called', async () => {
    const files = {
      'README.md': card('base_model: example/base\ndatasets: [example/tickets]'),
      'm.safetensors': weights(4),
      'n.gguf': ggufWeights(4, ggufBase('repo_url', 'https://huggingface.co/example/base')),
      '%': 'a',
      '#': 'b',
      '%23': 'c',
      'x#y': 'd',
      'ancestor:pkg:huggingface/example/base': 'e',
    };
    const names = ['a', 'a', 'a~2', 'a#m.safetensors', 'a%23m.safetensors', 'system', 'dataset:x', 'x/y'];
    const artifacts = await Promise.all(names.map((name) => collectFiles(files, name)));
    const { subject, items } = buildInventory(artifacts);
    const refs = [subject, ...items].flatMap(refsIn);
    expect(new Set(refs).size).toBe(refs.length);
    expect(subject.type).toBe('application');
    expect(subject.dependsOn).toEqual(subject.items.map(({ ref }) => ref));
    expect(subject.dependsOn.slice(0, 3)).toEqual(['artifact:a', 'artifact:a~2', 'artifact:a~2~2']);
    expect(items).toHaveLength(1);
  });

  it('of ancestors are unique where several models share one, and names hold separators', async () => {
    const { subject } = await inventoryOf({
      a: 'x',
      'a#b': 'y',
      'm.gguf': ggufWeights(4, ggufBase('name', 'base')),
      'm.gguf#base': 'z',
      'n.gguf': ggufWeights(4, ggufBase('name', 'base')),
      'README.md': card('base_model: [example/base, "m.gguf#base"]'),
    });
    const refs = refsIn(subject);
    expect(refs.filter((ref) => ref.startsWith('ancestor:')).length).toBeGreaterThanOrEqual(4);
    expect(new Set(refs).size).toBe(refs.length);
  });
});

describe('what a place states', () => {
  it('names the model, and its commit is its version, which a header does not contradict', async () => {
    const evidence = { basis: 'declared', source: 'layout', by: 'store' } as const;
    const commit = 'a'.repeat(40);
    const fact: Fact = {
      about: { kind: 'directory', path: '.' },
      type: 'machine-learning-model',
      attributes: [
        attribute('name', 'example/support', evidence),
        attribute('version', commit, evidence),
        attribute('purl', `pkg:huggingface/example/support@${commit}`, evidence),
      ],
      relations: [],
    };
    const artifact = await collectFiles({
      'm.gguf': ggufWeights(4, [
        ['general.name', 'string', 'Support'],
        ['general.version', 'string', 'v1'],
      ]),
    });
    const inventory = buildInventory([{ ...artifact, facts: [fact, ...artifact.facts] }]);
    expect(valueOf(inventory.subject, 'name')).toBe('example/support');
    expect(valueOf(inventory.subject, 'version')).toBe(commit);
    expect(problemsIn(inventory)).toEqual([]);
  });
});

describe('what the user declares', () => {
  const files = {
    'm.safetensors': weights(1000),
    'README.md': card('model_name: from the card\nlicense: mit\ndatasets: [example/tickets]'),
  };

  it('goes before the card, and the bytes go before it', async () => {
    const { subject } = await inventoryOf(files, {
      component: { name: 'support', version: '1.2', parameters: '7K', license: 'Apache-2.0' },
    });
    expect(valueOf(subject, 'name')).toBe('support');
    expect(valueOf(subject, 'version')).toBe('1.2');
    expect(valueOf(subject, 'license')).toEqual({ license: 'Apache-2.0' });
    expect(valueOf(subject, 'mlbom:model:parameters')).toBe('1000');
    const conflicts = subject.conflicts.map((conflict) => conflict.attribute);
    expect(conflicts).toEqual(['license', 'mlbom:model:parameters']);
  });

  it('unites lists, and describes a dataset that the card names', async () => {
    const { subject, items } = await inventoryOf(files, {
      component: { tags: ['support'] },
      datasets: [
        { name: 'example/tickets', classification: 'confidential' },
        { name: 'questions', license: 'CC0-1.0' },
      ],
    });
    expect(valueOf(subject, 'tags')).toEqual(['support']);
    const names = items.map((item) => valueOf(item, 'name'));
    expect(names.toSorted()).toEqual(['example/tickets', 'questions']);
    const tickets = items.find((item) => valueOf(item, 'name') === 'example/tickets');
    expect(valueOf(tickets, 'governance')).toEqual({ classification: 'confidential' });
    expect(subject.datasets).toEqual(items.map(({ ref }) => ref));
  });
});
