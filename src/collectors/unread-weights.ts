import type { Entry } from '../core/entry.ts';
import type { Fact } from '../core/fact.ts';
import { attributesFrom } from './attributes.ts';
import { modelFact } from './model-fact.ts';

/**
 * Weights that could not be read, as their name declares them.
 * @param extension of the format; weights of another name were known by their first bytes
 */
export function unreadWeights(entry: Entry, format: string, extension?: string): Fact {
  const named = extension === undefined || entry.path.endsWith(extension);
  const attributes = attributesFrom(entry.path, format, named ? 'declared' : 'observed');
  attributes.add('mlbom:model:format', format, named ? 'file name' : 'first bytes');
  return modelFact(entry, [attributes]);
}
