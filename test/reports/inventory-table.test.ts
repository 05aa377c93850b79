import { expect, it } from 'vitest';
import type { Bom, Component, Vulnerability } from '../../src/core/bom.ts';
import { inventoryTable } from '../../src/reports/inventory-table.ts';

function file(path: string, size: number): Component {
  return { type: 'file', name: path, properties: [{ name: 'mlbom:file:size', value: String(size) }] };
}

const weights: Component = {
  type: 'machine-learning-model',
  name: 'quantized',
  components: [file('q.gguf', 2_500_000)],
  pedigree: { ancestors: [{ type: 'machine-learning-model', name: 'base' }] },
  licenses: [{ license: { id: 'MIT' } }],
  properties: [
    { name: 'mlbom:model:format', value: 'gguf' },
    { name: 'mlbom:model:parameters', value: '8030000000' },
    { name: 'mlbom:model:dtype', value: 'Q4_K' },
    {
      name: 'mlbom:problem',
      value: '{"code":"limit","effect":"incomplete","path":"q.gguf","reason":"too \\u001b[2Jlong"}',
    },
  ],
};

const bom: Bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.7',
  metadata: {
    component: {
      type: 'machine-learning-model',
      name: 'repository',
      version: '1',
      hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }],
      properties: [{ name: 'mlbom:hash:scope', value: 'manifest' }],
      modelCard: { modelParameters: { modelArchitecture: 'LlamaForCausalLM' } },
      components: [weights, file('README.md', 40)],
    },
  },
};

const plain = { color: false, width: 100 };

it('shows the repository, each model in it with its own files, whose base is whose, and every problem', () => {
  expect(inventoryTable(bom, plain).split('\n')).toEqual([
    'repository@1 · machine-learning-model',
    '',
    'MODEL       FORMAT  ARCHITECTURE      PARAMETERS  DTYPE  LICENCE  FILES    BYTES',
    'repository  -       LlamaForCausalLM           -  -      -            1     40 B',
    'quantized   gguf    -                      8.03B  Q4_K   MIT          1  2.50 MB',
    '',
    'base      base (unspecified) of quantized',
    'made by   nothing tells how a model was made',
    'files     2, 2.50 MB',
    `artifact  sha256:${'ab'.repeat(32)}`,
    'findings  not looked for',
    'problems  1',
    '  ! q.gguf: too \\u{1b}[2Jlong [limit]',
    '',
  ]);
});

it('shows a system: its datasets, environments, AI packages by what they do, and the worst findings first', () => {
  const property = (name: string, value: string) => ({ name, value });
  const system: Bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    metadata: {
      component: {
        type: 'application',
        name: 'assistant',
        components: [
          {
            type: 'data',
            name: 'tickets',
            data: [{ type: 'dataset', classification: 'confidential' }],
            components: [file('tickets/train.parquet', 2000)],
            properties: [property('mlbom:dataset:format', 'parquet'), property('mlbom:dataset:rows', '1200')],
          },
          { ...file('model.pkl', 10), 'bom-ref': 'file:model.pkl' },
        ],
      },
    },
    components: [
      { type: 'platform', 'bom-ref': 'env', name: 'Python 3.11 environment .venv' },
      {
        type: 'framework',
        name: 'torch',
        version: '2.8.0+cpu',
        properties: [property('mlbom:package:basis', 'installed'), property('mlbom:ai:category', 'training')],
      },
    ],
    dependencies: [{ ref: 'env', dependsOn: ['torch'] }],
    annotations: [
      {
        'bom-ref': 'annotation:examination',
        subjects: ['x'],
        annotator: {},
        timestamp: '2026-01-01T00:00:00Z',
        text: 'looked',
      },
    ],
    vulnerabilities: [
      finding('MLB-ZIP-001', 'low', 'odd'),
      finding('MLB-PKL-001', 'critical', 'os.system is called\nposix.system is called'),
    ],
  };
  expect(inventoryTable(system, plain).split('\n')).toEqual([
    'assistant · application',
    '',
    'DATASET  FORMAT    ROWS  CLASSIFICATION  LICENCE  FILES    BYTES',
    'tickets  parquet  1.20K  confidential    -            1  2.00 kB',
    '',
    'system    Python 3.11 environment .venv, 1 package',
    'packages  1 installed',
    '  training  torch@2.8.0+cpu',
    'files     2, 2.01 kB',
    'findings  2 (1 critical, 1 low)',
    '  ! critical MLB-PKL-001 model.pkl: os.system is called (and 1 more)',
    '  ! low MLB-ZIP-001 model.pkl: odd',
    'problems  none',
    '',
  ]);
});

function finding(id: string, severity: string, detail: string): Vulnerability {
  return {
    id,
    source: { name: 'mlbom' },
    ratings: [{ severity }],
    detail,
    affects: [{ ref: 'file:model.pkl' }],
  };
}

it('lets the architecture give way before the name of the model on a narrow terminal', () => {
  const [, , , row = ''] = inventoryTable(bom, { ...plain, width: 74 }).split('\n');
  expect(row).toMatch(/^repository {2}-.*LlamaF.*…/);
});

it('colours nothing that it was not asked to colour', () => {
  const escape = String.fromCharCode(0x1b);
  expect(inventoryTable(bom, plain)).not.toContain(escape);
  expect(inventoryTable(bom, { ...plain, color: true })).toContain(`${escape}[1m`);
});
