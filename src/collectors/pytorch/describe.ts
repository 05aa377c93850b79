import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { About, Fact, Part } from '../../core/fact.ts';
import type { Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import type { PytorchObject } from '../../formats/pytorch-object.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { addCheckpoint } from './checkpoint.ts';
import type { PytorchTable } from './table.ts';

export interface Described {
  readonly observed: AttributeList;
  readonly declared: AttributeList;
  readonly object?: PytorchObject | undefined;
  readonly tables?: readonly PytorchTable[];
  /** A program with its weights, whether it has any or not. */
  readonly isWhole?: boolean;
  readonly findings?: readonly Finding[];
  readonly problems?: readonly Problem[];
}

const shard = /^(?<stem>.*)-(?<number>\d{5})-of-(?<count>\d{5})\.(?<extension>bin|pt|pth|ckpt)$/;

/**
 * The fact about a file of PyTorch. Where all that a pickle holds is the state of a training (an optimizer, a random
 * number generator, arguments), it is a file beside the model and no weights.
 */
export function describe(entry: Entry, described: Described): Collected {
  const {
    observed,
    declared,
    object,
    tables = [],
    isWhole = false,
    findings = [],
    problems = [],
  } = described;
  if (object) addCheckpoint(object, observed, declared);
  const tensors = tables.flatMap((table) => table.tensors);
  const training = tables.reduce((sum, table) => sum + table.training, 0);
  if (training > 0) observed.add('mlbom:model:header', `training-state-tensors=${training}`);
  const common = {
    problems: [...problems, ...tables.flatMap((table) => table.problems), ...cut(entry, object)],
    findings: [...findings, ...tables.flatMap((table) => table.findings)],
  };
  if (object && !isWhole && tensors.length === 0 && object.root === undefined) {
    return { facts: [besideModel(entry, observed, training)], ...common };
  }
  const derived = attributesFrom(entry.path, 'pytorch', 'derived');
  derived.add('mlbom:model:library', 'pytorch', 'format');
  const attributes = [...observed.list, ...declared.list, ...derived.list];
  const fact = {
    about: aboutWeights(entry.path),
    type: 'machine-learning-model',
    attributes,
    relations: [],
  } as const;
  return { facts: [tensors.length > 0 ? { ...fact, tensors: { tensors } } : fact], ...common };
}

/** `pytorch_model-00001-of-00002.bin` */
export function aboutWeights(path: string): About {
  const groups = shard.exec(path)?.groups;
  if (!groups) return { kind: 'weights', path };
  const part: Part = {
    set: `${groups['stem']}.${groups['extension']}/${groups['count']}`,
    number: Number(groups['number']),
    count: Number(groups['count']),
  };
  return { kind: 'weights', path, part };
}

/** The same attributes, as those of a file that is no model. */
function besideModel(entry: Entry, observed: AttributeList, training: number): Fact {
  const attributes = attributesFrom(entry.path, 'pytorch', 'observed');
  for (const { name, value } of observed.list) {
    if (name === 'mlbom:model:format') attributes.add('mlbom:file:format', value);
    else if (name === 'mlbom:model:format-version') attributes.add('mlbom:file:format-version', value);
    else if (name === 'mlbom:model:header') attributes.add('mlbom:file:header', value);
    else if (name === 'mlbom:model:classes') attributes.add('mlbom:file:header', `class=${value}`);
  }
  if (training > 0) attributes.add('mlbom:file:header', 'content=training-state');
  return fileFact(entry.path, [attributes]);
}

function cut(entry: Entry, object: PytorchObject | undefined): Problem[] {
  if (!object?.isCut) return [];
  const reason = `nested deeper than ${limits.pytorchDepth}, or more than ${limits.tensorsPerFile} tensors: some are not listed`;
  return [incomplete('pytorch-cut', entry.path, reason)];
}
