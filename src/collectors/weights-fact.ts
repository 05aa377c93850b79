import type { Collected } from '../core/collector.ts';
import type { Entry } from '../core/entry.ts';
import type { Relation, TensorTable } from '../core/fact.ts';
import type { AttributeList } from './attributes.ts';

/** What the collector of one file of weights makes of it, when that is all there is to say. */
export function weightsFact(
  entry: Entry,
  attributes: readonly AttributeList[],
  { relations = [], tensors }: { relations?: readonly Relation[]; tensors?: TensorTable } = {},
): Collected {
  return {
    facts: [
      {
        about: { kind: 'weights', path: entry.path },
        type: 'machine-learning-model',
        attributes: attributes.flatMap(({ list }) => list),
        relations,
        ...(tensors ? { tensors } : {}),
      },
    ],
    problems: [],
    findings: [],
  };
}
