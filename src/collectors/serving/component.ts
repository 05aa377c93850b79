import type { Entry } from '../../core/entry.ts';
import type { Attribute, Fact } from '../../core/fact.ts';
import { attributesFrom } from '../attributes.ts';

/** A program or a service that answers with models. */
export function servingFact(entry: Entry, key: string, path: string, attributes: readonly Attribute[]): Fact {
  const derived = attributesFrom(entry.path, 'serving', 'derived');
  derived.add('mlbom:ai:category', 'serving', 'name');
  return {
    about: { kind: 'component', key: `serving:${key}`, path: entry.container ?? path },
    type: 'application',
    attributes: [...attributes, ...derived.list],
    relations: [],
  };
}
