import type { Collected } from '../../core/collector.ts';
import { dtypeName } from '../../core/dtype.ts';
import type { Entry } from '../../core/entry.ts';
import type { DeclaredTensor, Relation } from '../../core/fact.ts';
import { nameOf } from '../../core/path.ts';
import {
  readTensorflowCheckpoint,
  type CheckpointTensor,
  type TensorflowCheckpoint,
} from '../../formats/tensorflow-checkpoint.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';

/** State of the training that is saved beside the variables: slots of optimizers, counters, decay powers. */
const trainingState =
  /\/\.OPTIMIZER_SLOT\/|^(?:optimizer\d*|save_counter)\/|(?:^|\/)(?:Adam|RMSProp|Ftrl|Adadelta)(?:_1)?$|(?:^|\/)(?:Momentum|Adagrad|adam_[mv]|global_step|beta[12]_power)$/;

/** The index of a checkpoint: tensors that lie in the shards beside it. */
export async function collectCheckpoint(entry: Entry): Promise<Collected> {
  const checkpoint = await readTensorflowCheckpoint(entry);
  const observed = attributesFrom(entry.path, 'tensorflow', 'observed');
  observed.add('mlbom:model:format', 'tensorflow-checkpoint');
  observed.add('mlbom:model:header', `shards=${checkpoint.shards}`);
  if (checkpoint.bigEndian) observed.add('mlbom:model:header', 'byte-order=big-endian');
  const numbers = checkpoint.tensors.filter(({ dtype }) => !/^(?:string|variant|resource)$/.test(dtype));
  const weights = numbers.filter(({ name }) => !trainingState.test(name));
  if (weights.length < numbers.length) {
    observed.add('mlbom:model:header', `training-state-tensors=${numbers.length - weights.length}`);
  }
  const fact = {
    about: { kind: 'weights', path: entry.path },
    type: 'machine-learning-model',
    attributes: observed.list,
    relations: shardsOf(entry.path, checkpoint).map(([path, bytes]): Relation => ({
      type: 'part',
      path,
      bytes,
      evidence: observed.evidence('num_shards'),
    })),
    tensors: { tensors: weights.map((tensor) => declaredTensor(entry.path, checkpoint, tensor)) },
  } as const;
  return { facts: [fact], problems: [], findings: [] };
}

/** A shard has no header: what it is, its name and the index say. */
export function collectShard(entry: Entry): Collected {
  const attributes = attributesFrom(entry.path, 'tensorflow');
  attributes.add('mlbom:model:format', 'tensorflow-checkpoint', 'file name');
  const about = { kind: 'weights', path: entry.path } as const;
  return {
    facts: [{ about, type: 'machine-learning-model', attributes: attributes.list, relations: [] }],
    problems: [],
    findings: [],
  };
}

/** The text file that says which checkpoint of a directory is the latest; paths in it are of the machine that trained. */
export async function collectLatest(entry: Entry): Promise<Collected> {
  const text = Buffer.from(await entry.head(4096)).toString('utf8');
  const latest = /^model_checkpoint_path:\s*"([^"\n]{1,1024})"/.exec(text)?.[1];
  const attributes = attributesFrom(entry.path, 'tensorflow');
  attributes.add('mlbom:file:format', 'tensorflow-checkpoint-state');
  if (latest !== undefined) attributes.add('mlbom:file:header', `model_checkpoint_path=${nameOf(latest)}`);
  return { facts: [fileFact(entry.path, [attributes])], problems: [], findings: [] };
}

function declaredTensor(
  path: string,
  { shards }: TensorflowCheckpoint,
  { name, dtype, shape, shard, offset, length }: CheckpointTensor,
): DeclaredTensor {
  return { name, dtype: dtypeName(dtype), shape, path: shardPath(path, shard, shards), offset, length };
}

/** Every shard, with the bytes that the index places in it. */
function shardsOf(path: string, { shards, shardBytes }: TensorflowCheckpoint): [string, number][] {
  return shardBytes.map((bytes, shard) => [shardPath(path, shard, shards), bytes]);
}

/** `DataFilename` of tensorflow/core/util/tensor_bundle/naming.cc. */
function shardPath(index: string, shard: number, count: number): string {
  const digits = (number: number): string => String(number).padStart(5, '0');
  return `${index.slice(0, -'.index'.length)}.data-${digits(shard)}-of-${digits(count)}`;
}
