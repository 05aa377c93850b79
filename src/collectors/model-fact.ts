import type { Entry } from '../core/entry.ts';
import type { Fact, Relation, TensorTable } from '../core/fact.ts';
import type { AttributeList } from './attributes.ts';

/** What a fact about weights says beside its attributes. */
export interface ModelDetails {
  readonly relations?: readonly Relation[];
  readonly tensors?: TensorTable | undefined;
}

/** The fact that a file is the weights of a model, whole and in no parts. */
export function modelFact(
  entry: Entry,
  attributes: readonly AttributeList[],
  { relations = [], tensors }: ModelDetails = {},
): Fact {
  return {
    about: { kind: 'weights', path: entry.path },
    type: 'machine-learning-model',
    attributes: attributes.flatMap(({ list }) => list),
    relations,
    ...(tensors ? { tensors } : {}),
  };
}
