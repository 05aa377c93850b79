import type { Entry } from '../core/entry.ts';
import type { Fact } from '../core/fact.ts';
import { attributesFrom } from './attributes.ts';

/** Weights that could not be read, as their name declares them. */
export function unreadWeights(entry: Entry, format: string): Fact {
  const attributes = attributesFrom(entry.path, format);
  attributes.add('mlbom:model:format', format, 'file name');
  return {
    about: { kind: 'weights', path: entry.path },
    type: 'machine-learning-model',
    attributes: attributes.list,
    relations: [],
  };
}
