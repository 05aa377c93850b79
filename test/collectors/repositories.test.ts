import { describe, expect, it } from 'vitest';
import { diffusers } from '../../src/collectors/diffusers/index.ts';
import { fineTuning } from '../../src/collectors/fine-tuning/index.ts';
import { mergekit } from '../../src/collectors/mergekit/index.ts';
import { mlflow } from '../../src/collectors/mlflow/index.ts';
import { ollama } from '../../src/collectors/ollama/index.ts';
import { provenance } from '../../src/collectors/provenance/index.ts';
import { sentenceTransformers } from '../../src/collectors/sentence-transformers/index.ts';
import { spacy } from '../../src/collectors/spacy/index.ts';
import { trainer } from '../../src/collectors/trainer/index.ts';
import { walk } from '../../src/collectors/walk.ts';
import { sha256 } from '../../src/core/digest.ts';
import type { FileCollector } from '../../src/core/collector.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import { collectFiles } from '../fixtures/collect-files.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import type { Files } from '../fixtures/model-directory.ts';
import { factOf, valuesOf, withoutEvidence } from './collected.ts';
import { files as ofDiffusers } from './diffusers/example.ts';
import { files as ofFineTuning } from './fine-tuning/example.ts';
import { files as ofMergekit } from './mergekit/example.ts';
import { files as ofMlflow } from './mlflow/example.ts';
import { files as ofOllama } from './ollama/example.ts';
import { files as ofProvenance } from './provenance/example.ts';
import { files as ofSentenceTransformers } from './sentence-transformers/example.ts';
import { files as ofSpacy } from './spacy/example.ts';
import { files as ofTrainer } from './trainer/example.ts';

function read(collector: FileCollector, files: Files, index = 0) {
  const [path = '', content = ''] = Object.entries(files)[index] ?? [];
  return factOf(collector, path, content);
}

async function runsOf(collector: FileCollector, files: Files) {
  const entries = Object.entries(files).map(([path, content]) => memoryEntry(path, content));
  const { runs, problems } = await walk(entries, [collector]);
  expect(problems).toEqual([]);
  return runs;
}

describe('repositories', () => {
  it('of Diffusers name the class of each model', async () => {
    expect(valuesOf(await read(diffusers, ofDiffusers))).toEqual({
      modelArchitecture: 'StableDiffusionPipeline',
      'mlbom:model:library': 'diffusers',
      'mlbom:model:producer': 'diffusers 0.35.1',
      'mlbom:model:classes': [
        'unet: diffusers.UNet2DConditionModel',
        'text_encoder: transformers.CLIPTextModel',
      ],
    });
  });

  it('of sentence-transformers name their modules and versions', async () => {
    expect(valuesOf(await read(sentenceTransformers, ofSentenceTransformers))).toMatchObject({
      'mlbom:model:classes': [
        'sentence_transformers.models.Transformer',
        'sentence_transformers.models.Pooling',
      ],
    });
    expect(valuesOf(await read(sentenceTransformers, ofSentenceTransformers, 1))).toMatchObject({
      'mlbom:model:producer': 'sentence-transformers 5.1.0',
      'mlbom:model:header': ['similarity_fn_name=cosine', 'prompts=query'],
    });
  });

  it('of spaCy say who made them and which spaCy they need, and nobody’s password', async () => {
    const fact = await read(spacy, ofSpacy);
    expect(valuesOf(fact)).toMatchObject({
      name: 'en_core_support',
      version: '3.8.0',
      license: { license: 'MIT' },
      metrics: [{ type: 'ents_f', value: '0.85' }],
      'mlbom:model:portability': 'needs spacy >=3.8.0,<3.9.0',
    });
    expect(JSON.stringify(fact)).not.toContain('secret');
  });

  it('of MLflow name the flavours of a model and the run that made it', async () => {
    expect(valuesOf(await read(mlflow, ofMlflow))).toMatchObject({
      'mlbom:model:producer': 'mlflow 2.20.0',
      'mlbom:model:header': ['flavor python_function 3.11.7', 'flavor sklearn 1.5.0'],
    });
  });
});

describe("Ollama's store", () => {
  it('is a model under its own name, made of the blobs that its manifest names', async () => {
    const { subject, findings } = buildInventory([await collectFiles(ofOllama)]);
    expect(subject).toMatchObject({ type: 'machine-learning-model' });
    expect(subject.attributes.find(({ name }) => name === 'name')?.value).toBe('support:latest');
    expect(subject.attributes.find(({ name }) => name === 'mlbom:model:format')?.value).toBe('gguf');
    expect(findings.filter(({ rule }) => rule === 'MLB-LST-001')).toEqual([]);
  });

  it('tells a blob that is not what its name says', async () => {
    const [blob = ''] = Object.keys(ofOllama).filter((path) => path.includes(sha256('{}')));
    const { findings } = buildInventory([await collectFiles({ ...ofOllama, [blob]: '[]' })]);
    const ofLists = findings.filter(({ rule }) => rule === 'MLB-LST-001');
    expect(ofLists).toMatchObject([{ rule: 'MLB-LST-001', path: blob }]);
  });

  it('is no manifest wherever a path happens to look like one', async () => {
    const path = 'docs/manifests/a/b/c/d';
    expect(await walk([memoryEntry(path, '{"layers":[]}')], [ollama])).toMatchObject({
      facts: [],
      problems: [],
    });
  });
});

describe('runs', () => {
  it('of mergekit name the models that were merged, and how', async () => {
    const fact = await read(mergekit, ofMergekit);
    expect(withoutEvidence(fact)).toMatchObject([
      { type: 'base-model', how: 'merge', to: { name: 'example-org/base' } },
      { type: 'base-model', how: 'merge', to: { name: 'example-org/support' } },
    ]);
    expect(await runsOf(mergekit, ofMergekit)).toMatchObject([
      {
        name: 'merge',
        output: 'merged',
        parameters: [
          { name: 'merge_method', value: 'slerp' },
          { name: 'dtype', value: 'bfloat16' },
          { name: 'parameters.t', value: '0.5' },
        ],
      },
    ]);
  });

  it('of a fine-tuning name the base, the data and the settings, and no token', async () => {
    const [run, ...others] = await runsOf(fineTuning, ofFineTuning);
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      name: 'fine-tuning',
      output: 'out',
      inputs: [
        { type: 'model', to: { name: 'example-org/base' } },
        { type: 'dataset', to: { name: 'example-org/support-tickets' } },
      ],
    });
    expect(run?.parameters.map(({ name }) => name)).toEqual([
      'base_model',
      'adapter',
      'lora_r',
      'learning_rate',
      'output_dir',
    ]);
  });

  it('of a Trainer say where it stood', async () => {
    const [run] = await runsOf(trainer, ofTrainer);
    expect(run).toMatchObject({ name: 'training', output: 'checkpoint-500' });
    expect(run?.parameters).toContainEqual({ name: 'last_loss', value: '0.75' });
  });

  it('of MLflow are one run, however many files tell of it, and no token', async () => {
    const artifact = await collectFiles(ofMlflow);
    const { runs } = buildInventory([artifact]);
    const stored = runs.find(({ run }) => run.key.startsWith('mlruns/'));
    expect(stored?.run).toMatchObject({
      id: '0123456789abcdef0123456789abcdef',
      startedAt: '2026-01-01T00:00:00Z',
      parameters: [
        { name: 'learning_rate', value: '3e-5' },
        { name: 'mlflow.source.git.commit', value: '0123456789abcdef0123456789abcdef01234567' },
      ],
    });
  });

  it('of SLSA provenance are taken in as they are claimed, alone, in an envelope or in a bundle', async () => {
    const runs = await runsOf(provenance, ofProvenance);
    expect(runs.map(({ key }) => key)).toEqual([
      'model.intoto.jsonl#0',
      'model.intoto.jsonl#1',
      'provenance.json#0',
    ]);
    for (const run of runs) {
      expect(run).toMatchObject({
        name: 'build',
        id: 'run-42',
        startedAt: '2026-01-01T00:00:00Z',
        parameters: [{ name: 'epochs', value: '3' }],
        inputs: [
          { type: 'source', digests: { gitCommit: 'cd'.repeat(20) } },
          { type: 'dataset', to: { name: 'example-org/support-tickets' } },
          { type: 'model', to: { name: 'example-org/base' } },
        ],
        tools: [{ name: 'https://example.org/builder' }],
      });
      expect(run).not.toHaveProperty('finishedAt');
      expect(JSON.stringify(run)).not.toMatch(/secret|not for you/);
    }
  });
});
