import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/core/inventory.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import { artifactOf } from '../fixtures/artifact-of.ts';
import { dataFact, packageFact, placedFact, weightsFact } from '../fixtures/facts.ts';

const site = '.venv/lib/python3.11/site-packages';
const environment = placedFact('platform', '.venv', { name: 'Python 3.11 environment .venv' });
const numpy = packageFact('numpy', '2.0.0', { path: `${site}/numpy-2.0.0.dist-info` });
const torch = packageFact('torch', '2.8.0+cpu', {
  path: `${site}/torch-2.8.0.dist-info`,
  needs: ['numpy', 'sympy'],
});

describe('things', () => {
  it('are linked by what they need, and held by the environment they lie in', () => {
    const { subject, items } = buildInventory([artifactOf(['run.py'], [environment, numpy, torch])]);
    const [held, first, second] = items.map(({ ref }) => ref);
    expect(items.map(({ dependsOn }) => dependsOn)).toEqual([[first, second], [], [first]]);
    expect(subject).toMatchObject({ type: 'application', dependsOn: [held] });
  });

  it('take a lock for the package that is installed with its purl, and keep what is not installed', () => {
    const locked = { 'mlbom:package:basis': 'locked', 'mlbom:package:hash': 'sha256:aa' };
    const { items } = buildInventory([
      artifactOf(
        ['run.py'],
        [environment, numpy, packageFact('numpy', '2.0.0', locked), packageFact('rich', '14.0.0', locked)],
      ),
    ]);
    expect(items.map(nameOf)).toEqual(['rich', 'Python 3.11 environment .venv', 'numpy']);
    expect(items[2]?.attributes.map(({ name }) => name)).toContain('mlbom:package:hash');
  });

  it('say where a lock pins another version than the one that is installed', () => {
    const locked = packageFact('numpy', '1.26.4', { 'mlbom:package:basis': 'locked' });
    const { problems } = buildInventory([artifactOf(['run.py'], [environment, numpy, locked])]);
    expect(problems).toMatchObject([
      {
        code: 'locked-version-differs',
        reason: `names numpy 1.26.4, and 2.0.0 is installed at ${site}/numpy-2.0.0.dist-info`,
      },
    ]);
  });

  it('are told apart when a package is installed twice, each needed by its neighbours', () => {
    const other = 'other/lib/python3.11/site-packages';
    const { items } = buildInventory([
      artifactOf(
        ['run.py'],
        [
          numpy,
          packageFact('numpy', '1.26.4', { path: `${other}/numpy-1.26.4.dist-info` }),
          packageFact('scipy', '1.11.0', { path: `${other}/scipy-1.11.0.dist-info`, needs: ['numpy'] }),
        ],
      ),
    ]);
    const scipy = items.find((item) => nameOf(item) === 'scipy');
    expect(scipy?.dependsOn).toEqual([`package:python:${other}/numpy-1.26.4.dist-info`]);
  });

  it('are what a model needs by its library and its format, where they are there', () => {
    const transformers = packageFact('transformers', '4.57.0', {
      path: `${site}/transformers-4.57.0.dist-info`,
    });
    const model = weightsFact('model/model.safetensors', { 'mlbom:model:library': 'transformers' });
    const { subject } = buildInventory([
      artifactOf(['model/model.safetensors'], [environment, transformers, numpy, model]),
    ]);
    expect(subject.type).toBe('application');
    expect(subject.items[0]).toMatchObject({
      type: 'machine-learning-model',
      dependsOn: [`package:python:${site}/transformers-4.57.0.dist-info`],
    });
  });

  it('leave a repository of one model a model when they are only spoken of', () => {
    const { subject } = buildInventory([
      artifactOf(['model.safetensors'], [weightsFact('model.safetensors'), packageFact('torch', '2.8.0')]),
    ]);
    expect(subject.type).toBe('machine-learning-model');
    expect(subject.dependsOn).toEqual(['package:pkg:pypi/torch@2.8.0']);
  });

  it('are the base of an adapter, where it lies under the name that the adapter has for it', () => {
    const evidence = { basis: 'declared', source: 'test', by: 'test' } as const;
    const base = { type: 'base-model', how: 'adapter', to: { name: 'base' }, evidence } as const;
    const { subject } = buildInventory([
      artifactOf(
        ['adapter/a.safetensors', 'base/m.safetensors'],
        [weightsFact('adapter/a.safetensors', {}, [base]), weightsFact('base/m.safetensors')],
      ),
    ]);
    expect(subject.items[0]?.dependsOn).toEqual(['model:base/m.safetensors']);
  });

  it('do not let the files of packages describe the system', () => {
    const config = {
      ...weightsFact('x', { architectureFamily: 'bert' }),
      about: { kind: 'directory', path: `${site}/pkg` } as const,
    };
    const { subject } = buildInventory([
      artifactOf(
        ['data.csv'],
        [environment, config, dataFact('data.csv', { 'mlbom:dataset:format': 'csv' })],
      ),
    ]);
    expect(subject.attributes.map(({ name }) => name)).toEqual(['name']);
  });
});

function nameOf(item: Item): unknown {
  return item.attributes.find(({ name }) => name === 'name')?.value;
}
