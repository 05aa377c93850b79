import type { Files } from '../../fixtures/model-directory.ts';
import { varintField } from '../../fixtures/protobuf-writer.ts';
import {
  constant,
  writeCheckpointIndex,
  writeGraphDef,
  writeMetaGraph,
  writeSavedModel,
} from '../../fixtures/tensorflow-writer.ts';

const nodes = [{ name: 'v', op: 'VarHandleOp' }];

function withOperator(op: string): Uint8Array {
  return writeSavedModel({ nodes: [...nodes, { name: 'n', op }] });
}

export const files: Files = {
  'tensorflow/saved_model.pb': writeSavedModel({ nodes, outputs: [['y', 1, [2]]] }),
  'tensorflow/fingerprint.pb': varintField(1, 12_345_678_901_234_567_890n),
  'tensorflow/variables/variables.index': writeCheckpointIndex([{ name: 'v', shape: [2], size: 8 }]),
  'tensorflow/variables/variables.data-00000-of-00001': Buffer.alloc(8, 1),
  'tensorflow/checkpoint': 'model_checkpoint_path: "ckpt-1"\n',
  'tensorflow/frozen.pb': writeGraphDef({ nodes: [constant('w', 1, [64], Buffer.alloc(256, 1))] }),
  'tensorflow/model.meta': writeMetaGraph({ nodes }),
  'reads/saved_model.pb': withOperator('ReadFile'),
  'writes/saved_model.pb': withOperator('WriteFile'),
  'python/saved_model.pb': withOperator('PyFunc'),
  'network/saved_model.pb': withOperator('DebugIdentityV3'),
  'foreign/saved_model.pb': withOperator('Addons>Gelu'),
  'asset/saved_model.pb': writeSavedModel({ nodes, assets: ['../../etc/passwd'] }),
};

/** A shard has no content of its own, the state of a directory is a text, a hash a number. */
export const readsCuts = [
  'tensorflow/variables/variables.data-00000-of-00001',
  'tensorflow/checkpoint',
  'tensorflow/fingerprint.pb',
];

export const findings: Readonly<Record<string, readonly string[]>> = {
  'reads/saved_model.pb': ['MLB-TFL-001'],
  'writes/saved_model.pb': ['MLB-TFL-002'],
  'python/saved_model.pb': ['MLB-TFL-003'],
  'network/saved_model.pb': ['MLB-TFL-004'],
  'foreign/saved_model.pb': ['MLB-TFL-005'],
  'asset/saved_model.pb': ['MLB-TFL-006'],
};
