import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Component } from '../../src/core/bom.ts';
import { componentsOf, propertyOf } from '../../src/core/components-of.ts';
import { generate, type Generated } from '../../src/operations/generate.ts';
import { inventoryTable } from '../../src/reports/inventory-table.ts';
import type { Files } from '../fixtures/model-directory.ts';
import { defaultSite, writeDistribution } from '../fixtures/python-distribution.ts';
import { writeSafetensors } from '../fixtures/safetensors-writer.ts';

const transformers = writeDistribution({
  name: 'transformers',
  version: '4.57.0',
  metadata: [
    'License-Expression: Apache-2.0',
    'Requires-Dist: numpy>=1.17',
    'Requires-Dist: torch; extra == "torch"',
  ],
  files: { 'transformers/__init__.py': 'import numpy\n', 'transformers/models.py': 'x = 1\n' },
});
const numpy = writeDistribution({
  name: 'numpy',
  version: '2.0.0',
  files: { 'numpy/__init__.py': '' },
});

/** A system as a build engineer has it: a model, the environment it runs in, a lock, data, and how it was trained. */
const system: Files = {
  '.venv/pyvenv.cfg': 'home = /usr/bin\nversion_info = 3.11.7\n',
  ...transformers,
  ...numpy,
  // Somebody was here after the installation.
  [`${defaultSite}/transformers/models.py`]: 'import os\n',
  'requirements.txt': 'transformers==4.57.0\nnumpy==2.1.0\n',
  'model/README.md':
    '---\nlibrary_name: transformers\nlicense: apache-2.0\nbase_model: example-org/base\ndatasets: [example-org/tickets]\n---\n',
  'model/config.json': '{"model_type":"bert","architectures":["BertModel"]}',
  'model/model.safetensors': writeSafetensors({ tensors: [{ name: 'w', dtype: 'F32', shape: [4, 8] }] }),
  'model/trainer_state.json': '{"global_step":10,"epoch":1}',
  'tickets/train.jsonl': '{"text":"a","label":1}\n{"text":"b","label":0}\n',
  'tickets/test.jsonl': '{"text":"c","label":1}\n',
  'run.py': 'import transformers\n',
};

let generated: Generated;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mlbom-system-'));
  for (const [path, content] of Object.entries(system)) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  symlinkSync('lib', join(directory, '.venv/lib64'));
  generated = await generate({
    sources: [directory],
    timestamp: '2026-01-01T00:00:00Z',
    declaration: {
      source: 'declared.json',
      component: { name: 'assistant', version: '1.0' },
      datasets: [{ name: 'tickets', classification: 'confidential' }],
    },
  });
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function find(name: string): Component {
  const found = [...componentsOf(generated.bom)].find(({ component }) => component.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found.component;
}

function needsOf(component: Component): (string | undefined)[] {
  const line = generated.bom.dependencies?.find(({ ref }) => ref === component['bom-ref']);
  const names = new Map(
    [...componentsOf(generated.bom)].map((each) => [each.component['bom-ref'], each.component.name]),
  );
  return (line?.dependsOn ?? []).map((ref) => names.get(ref)).sort();
}

describe('a system', () => {
  it('is an application that needs its models, its data and its environment', () => {
    const subject = generated.bom.metadata?.component;
    expect(subject).toMatchObject({ type: 'application', name: 'assistant' });
    expect(subject && needsOf(subject)).toEqual([
      'Python 3.11 environment .venv',
      'model',
      'numpy',
      'tickets',
    ]);
  });

  it('has a model that needs what runs it and what it was trained on', () => {
    const model = find('model');
    expect(model).toMatchObject({
      type: 'machine-learning-model',
      licenses: [{ license: { id: 'Apache-2.0' } }],
    });
    expect(needsOf(model)).toEqual(['tickets', 'transformers']);
    expect(model.pedigree?.ancestors).toMatchObject([{ name: 'example-org/base' }]);
  });

  it('has packages that need each other, in the environment that holds them', () => {
    expect(needsOf(find('Python 3.11 environment .venv'))).toEqual(['numpy', 'transformers']);
    expect(needsOf(find('transformers'))).toEqual(['numpy']);
    expect(find('transformers')).toMatchObject({ type: 'framework', purl: 'pkg:pypi/transformers@4.57.0' });
  });

  it('has a dataset whose classification flows to the model that was trained on it', () => {
    expect(find('tickets')).toMatchObject({ type: 'data', data: [{ classification: 'confidential' }] });
    expect(propertyOf(find('tickets'), 'mlbom:dataset:rows')).toBe('3');
    expect(propertyOf(find('model'), 'mlbom:classification')).toBe('confidential');
  });

  it('says how the model was trained, which file was changed, and which lock is not what is installed', () => {
    expect(generated.bom.formulation?.[0]?.workflows).toMatchObject([
      { name: 'training', outputs: [{ resource: { ref: find('model')['bom-ref'] } }] },
    ]);
    const changed = generated.inventory.findings.filter(({ rule }) => rule === 'MLB-PKG-001');
    expect(changed.map(({ path }) => path)).toEqual([`${defaultSite}/transformers/models.py`]);
    expect(generated.inventory.problems).toMatchObject([
      { code: 'locked-version-differs', path: 'requirements.txt' },
    ]);
  });

  it('is read once, although a link leads to the same packages again', () => {
    expect(generated.bom.components?.filter(({ name }) => name === 'transformers')).toHaveLength(1);
  });

  it('can be read by a person at one look', () => {
    const lines = inventoryTable(generated.bom, { color: false, width: 120 }).split('\n');
    expect(lines.slice(0, 16)).toEqual([
      'assistant@1.0 · application',
      '',
      'MODEL  FORMAT       ARCHITECTURE  PARAMETERS  DTYPE  LICENCE     FILES  BYTES',
      'model  safetensors  BertModel             32  F32    Apache-2.0      1  200 B',
      '',
      'DATASET  FORMAT  ROWS  CLASSIFICATION  LICENCE  FILES  BYTES',
      'tickets  jsonl      3  confidential    -            2   69 B',
      '',
      'base      example-org/base (unspecified) of model',
      'made by   training (model/trainer_state.json)',
      'system    Python 3.11 environment .venv@3.11.7, 2 packages',
      'packages  1 locked, 2 installed',
      '  training  transformers@4.57.0',
      expect.stringMatching(/^files {5}\d+, /),
      expect.stringMatching(/^artifact {2}sha256:[0-9a-f]{64}$/),
      'findings  1 (1 high)',
    ]);
  });
});
