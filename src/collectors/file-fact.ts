import type { Fact } from '../core/fact.ts';
import type { AttributeList } from './attributes.ts';

/** What is said of a file that is no model. */
export function fileFact(path: string, attributes: readonly AttributeList[]): Fact {
  return {
    about: { kind: 'file', path },
    type: 'file',
    attributes: attributes.flatMap(({ list }) => list),
    relations: [],
  };
}
