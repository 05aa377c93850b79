import { describe, expect, it } from 'vitest';
import { tensorflow } from '../../../src/collectors/tensorflow/index.ts';
import type { Fact } from '../../../src/core/fact.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { buildInventory } from '../../../src/inventory/build-inventory.ts';
import { collectFiles } from '../../fixtures/collect-files.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import {
  constant,
  placeholder,
  writeCheckpointIndex,
  writeGraphDef,
  writeMetaGraph,
  writeSavedModel,
  type MetaGraphOptions,
} from '../../fixtures/tensorflow-writer.ts';
import { factOf, valuesOf, withoutEvidence } from '../collected.ts';
import { files } from './example.ts';

describe('tensorflow', () => {
  it('describes a SavedModel, with what lies beside it', async () => {
    const fact = await saved({
      nodes: [{ name: 'v', op: 'VarHandleOp' }, constant('c', 1, [2], Buffer.alloc(8))],
      functions: { step: [{ name: 'm', op: 'MatMul' }] },
      inputs: [['x', 1, [-1, 2]]],
      outputs: [['y', 7, []]],
      assets: ['vocab.txt'],
    });
    expect(valuesOf(fact)).toEqual({
      'mlbom:model:format': 'tensorflow-savedmodel',
      'mlbom:model:format-version': '1',
      'mlbom:model:producer': 'tensorflow 2.15.0',
      'mlbom:model:header': [
        'graph-producer=1087',
        'functions=1',
        'tags=serve',
        'tensorflow-git=v2.15.0-rc1',
      ],
      'mlbom:model:operators': 'Const, MatMul, VarHandleOp',
      inputs: ['serving_default.x: float32[?,2]'],
      outputs: ['serving_default.y: string[]'],
    });
    expect(withoutEvidence(fact)).toEqual([
      { type: 'part', path: 'm/assets/vocab.txt', bytes: 0 },
      { type: 'part', path: 'm/variables/variables.index', bytes: 0 },
    ]);
    expect(fact.tensors).toBeUndefined();
  });

  it('takes the constants of a graph without variables for its weights', async () => {
    const nodes = [
      placeholder('x', 1, [-1, 2]),
      constant('w', 1, [2], Buffer.alloc(8)),
      constant('s', 7, [], Buffer.of()),
    ];
    const frozen = await factOf(tensorflow, 'a.pb', writeGraphDef({ nodes }));
    for (const fact of [frozen, await saved({ nodes })]) {
      expect(fact.tensors?.tensors).toMatchObject([{ name: 'w', dtype: 'F32', shape: [2], length: 8 }]);
    }
    expect(valuesOf(frozen)).toMatchObject({
      'mlbom:model:format': 'tensorflow-graphdef',
      inputs: ['x: float32[?,2]'],
    });
  });

  it.each([
    ['ReadFile', 'MLB-TFL-001', 'high'],
    ['MatchingFiles', 'MLB-TFL-001', 'high'],
    ['ImmutableConst', 'MLB-TFL-001', 'high'],
    ['WriteFile', 'MLB-TFL-002', 'high'],
    ['PyFunc', 'MLB-TFL-003', 'high'],
    ['EagerPyFunc', 'MLB-TFL-003', 'high'],
    ['DebugIdentityV3', 'MLB-TFL-004', 'high'],
    ['Addons>Gelu', 'MLB-TFL-005', 'medium'],
    ['MyOwnOperator', 'MLB-TFL-005', 'medium'],
  ])('finds %s', async (op, rule, severity) => {
    const found = await findingsOf({
      functions: {
        f: [
          { name: 'a', op },
          { name: 'b', op },
        ],
      },
    });
    expect(found).toMatchObject([{ rule, severity, symbol: op }]);
    expect(found[0]?.offset).toBeGreaterThan(0);
  });

  it('finds nothing in what every SavedModel does', async () => {
    const usual =
      'SaveV2 RestoreV2 MergeV2Checkpoints ShardedFilename StringJoin InitializeTableFromTextFileV2 PrintV2';
    const nodes = usual.split(' ').map((op) => ({ name: op, op }));
    const functions = { __inference_step_1: [{ name: 'a', op: 'MatMul' }] };
    expect(
      await findingsOf({ nodes: [...nodes, { name: 'f', op: '__inference_step_1' }], functions }),
    ).toEqual([]);
  });

  it('finds assets outside the directory, and takes none of them for a part', async () => {
    const file = writeSavedModel({ nodes: [{ name: 'n', op: 'NoOp' }], assets: ['../../etc/passwd', '/x'] });
    const { facts, findings } = await tensorflow.collect(memoryEntry('saved_model.pb', file));
    expect(findings.map(({ rule, symbol }) => [rule, symbol])).toEqual([
      ['MLB-TFL-006', '../../etc/passwd'],
      ['MLB-TFL-006', '/x'],
    ]);
    expect(facts[0]?.relations).toEqual([]);
  });

  it('places the tensors of a checkpoint in its shards, and leaves out the state of the training', async () => {
    const index = writeCheckpointIndex(
      [
        { name: 'w/.ATTRIBUTES/VARIABLE_VALUE', shape: [2], size: 8, shard: 1, offset: 4 },
        { name: 'w/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE', shape: [2], size: 8 },
        { name: 'save_counter/.ATTRIBUTES/VARIABLE_VALUE', type: 9, size: 8, offset: 8 },
        { name: '_CHECKPOINTABLE_OBJECT_GRAPH', type: 7, size: 30, offset: 16 },
      ],
      { shards: 2 },
    );
    const fact = await factOf(tensorflow, 'a/ckpt-1.index', index);
    expect(fact.tensors?.tensors).toEqual([
      {
        name: 'w/.ATTRIBUTES/VARIABLE_VALUE',
        dtype: 'F32',
        shape: [2],
        path: 'a/ckpt-1.data-00001-of-00002',
        offset: 4,
        length: 8,
      },
    ]);
    expect(withoutEvidence(fact)).toEqual([
      { type: 'part', path: 'a/ckpt-1.data-00000-of-00002', bytes: 46 },
      { type: 'part', path: 'a/ckpt-1.data-00001-of-00002', bytes: 12 },
    ]);
    expect(valuesOf(fact)['mlbom:model:header']).toEqual(['shards=2', 'training-state-tensors=2']);
  });

  it('joins a graph of TensorFlow 1 to the checkpoint of its name', async () => {
    const fact = await factOf(
      tensorflow,
      'a/m-7.meta',
      writeMetaGraph({ nodes: [{ name: 'v', op: 'VariableV2' }] }),
    );
    expect(withoutEvidence(fact)).toEqual([{ type: 'part', path: 'a/m-7.index', bytes: 0 }]);
  });

  it('keeps no path of the machine that trained', async () => {
    const text =
      'model_checkpoint_path: "/home/alice/run/ckpt-9"\nall_model_checkpoint_paths: "/home/alice/run/ckpt-9"\n';
    const fact = await factOf(tensorflow, 'checkpoint', text);
    expect(valuesOf(fact)['mlbom:file:header']).toBe('model_checkpoint_path=ckpt-9');
    expect(JSON.stringify(fact)).not.toContain('alice');
  });

  it('makes one model of a SavedModel and all that belongs to it', async () => {
    const directory = Object.entries(files).filter(([path]) =>
      /^tensorflow\/(?:saved_model|variables)/.test(path),
    );
    const { subject, problems } = buildInventory([await collectFiles(Object.fromEntries(directory))]);
    expect(problems).toEqual([]);
    expect(subject.type).toBe('machine-learning-model');
    expect(subject.attributes.find(({ name }) => name === 'mlbom:model:parameters')?.value).toBe('2');
    const { problems: missing } = buildInventory([
      await collectFiles(Object.fromEntries(directory.slice(0, 2))),
    ]);
    expect(missing).toMatchObject([{ code: 'external-data-missing' }]);
  });
});

function saved(options: MetaGraphOptions): Promise<Fact> {
  return factOf(tensorflow, 'm/saved_model.pb', writeSavedModel(options));
}

async function findingsOf(options: MetaGraphOptions): Promise<readonly Finding[]> {
  return (await tensorflow.collect(memoryEntry('saved_model.pb', writeSavedModel(options)))).findings;
}
