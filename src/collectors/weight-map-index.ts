import type { Entry } from '../core/entry.ts';
import type { Fact, IndexedPart } from '../core/fact.ts';
import { isCount, numberAt } from '../core/json-access.ts';
import { parameterCount } from '../core/parameter-count.ts';
import { siblingOf } from '../core/path.ts';
import { readSafetensorsIndex } from '../formats/safetensors-index.ts';
import { attributesFrom } from './attributes.ts';

/**
 * What `*.safetensors.index.json` and `*.bin.index.json`, which Transformers writes in one form, say of the shards
 * beside them.
 * @param by the id of the collector that asks
 */
export async function weightMapIndex(entry: Entry, by: string): Promise<Fact> {
  const { weightMap, metadata } = await readSafetensorsIndex(entry);
  const tensors = new Map<string, string[]>();
  for (const [tensor, name] of weightMap) {
    const path = siblingOf(entry.path, name);
    const listed = tensors.get(path);
    if (listed) listed.push(tensor);
    else tensors.set(path, [tensor]);
  }
  const parts = [...tensors].map(([path, names]): IndexedPart => ({ path, tensors: names }));
  const attributes = attributesFrom(entry.path, by);
  const total = numberAt(metadata, 'total_parameters');
  attributes.add('mlbom:model:parameters', parameterCount(total), 'metadata.total_parameters');
  const size = numberAt(metadata, 'total_size');
  return {
    about: { kind: 'index', path: entry.path, parts, ...(isCount(size) ? { tensorBytes: size } : {}) },
    type: 'machine-learning-model',
    attributes: attributes.list,
    relations: [],
  };
}
