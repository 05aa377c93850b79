import type { Entry } from '../core/entry.ts';
import type { Fact, Relation } from '../core/fact.ts';
import { directoryOf, nameOf } from '../core/path.ts';
import type { AttributeList } from './attributes.ts';

/** Names under which the splits of one dataset lie side by side. */
const split = /^(?:train|training|test|testing|valid|validation|val|dev)$/i;

/** The directory that a file describes, or the archive that has it. */
export function describedPlace({ path, container }: Entry): string {
  return container ?? directoryOf(path);
}

/** The same, where each split of a dataset may have a description of its own. */
export function describedDataset(entry: Entry): string {
  const place = describedPlace(entry);
  return entry.container === undefined && split.test(nameOf(place)) ? directoryOf(place) : place;
}

/** The key of the dataset at a place: whoever describes it describes the same one. */
export function datasetKey(place: string): string {
  return `dataset:${place}`;
}

/** A dataset that has a place of its own. */
export function placedDataset(
  place: string,
  attributes: AttributeList,
  relations: readonly Relation[] = [],
): Fact {
  return placed(datasetKey(place), place, attributes, relations);
}

/** A vector store or index, in a directory or a file of its own. */
export function placedVectors(
  place: string,
  attributes: AttributeList,
  relations: readonly Relation[] = [],
): Fact {
  return placed(`vectors:${place}`, place, attributes, relations);
}

function placed(key: string, path: string, attributes: AttributeList, relations: readonly Relation[]): Fact {
  return { about: { kind: 'component', key, path }, type: 'data', attributes: attributes.list, relations };
}
