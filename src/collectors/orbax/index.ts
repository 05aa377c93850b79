import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { isObject } from '../../core/json.ts';
import { numberAt, textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { attributesFrom } from '../attributes.ts';
import { describedDirectory } from '../described-directory.ts';
import { readJsonFile } from '../json-file.ts';
import { weightsFact } from '../weights-fact.ts';

/**
 * Checkpoints of Orbax: `_METADATA` names every array of a tree, `_CHECKPOINT_METADATA` says when it was written.
 * The arrays lie beside it, in zarr directories or in an OCDBT database, whose blocks are not read.
 */
export const orbax: FileCollector = {
  id: 'orbax',
  version: 1,
  wants: ({ path }, head) => head[0] === 0x7b && /^_(?:CHECKPOINT_)?METADATA$/.test(nameOf(path)),
  async collect(entry): Promise<Collected> {
    const document = await readJsonFile(entry);
    const attributes = attributesFrom(entry.path, 'orbax');
    if (nameOf(entry.path) === '_CHECKPOINT_METADATA') {
      const time = numberAt(document, 'commit_timestamp_nsecs') ?? numberAt(document, 'init_timestamp_nsecs');
      if (time !== undefined && time > 0 && time / 1e6 < limits.latestTime) {
        const written = new Date(time / 1e6).toISOString();
        attributes.add('mlbom:model:provenance', `committed=${written}`, 'commit_timestamp_nsecs');
      }
      for (const handler of handlersOf(valueAt(document, 'item_handlers'))) {
        attributes.add('mlbom:model:classes', handler, 'item_handlers');
      }
      return describedDirectory(entry, attributes);
    }
    const tree = valueAt(document, 'tree_metadata');
    if (!isObject(tree)) return nothing;
    const observed = attributesFrom(entry.path, 'orbax', 'observed');
    observed.add('mlbom:model:format', valueAt(document, 'use_zarr3') === true ? 'orbax-zarr3' : 'orbax');
    observed.add('mlbom:model:library', 'orbax');
    observed.add('mlbom:model:tensors', String(Object.keys(tree).length), 'tree_metadata');
    return weightsFact(entry, [observed]);
  },
};

function handlersOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!isObject(value)) return [];
  return Object.keys(value)
    .slice(0, 64)
    .flatMap((name) => textAt(value, name) ?? []);
}
