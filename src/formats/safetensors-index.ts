import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { isObject, parseJsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { leavesDirectory } from './leaves-directory.ts';
import { readAll } from './read-all.ts';

export interface SafetensorsIndex {
  /** Tensor name to the file name of its shard, which lies beside the index. */
  readonly weightMap: ReadonlyMap<string, string>;
  /** `total_size` and whatever else the writer put there; unchecked. */
  readonly metadata: JsonObject;
}

/**
 * Reads `*.safetensors.index.json`, the list that Transformers writes beside the shards of a model.
 * @throws MlbomError `E_MALFORMED`, also for a shard name that is a path, or `E_LIMIT`
 */
export async function readSafetensorsIndex(source: ByteSource): Promise<SafetensorsIndex> {
  const bytes = await readAll(source, limits.repositoryFileBytes, 'safetensors index');
  const { weight_map: map, metadata } = parseJsonObject(bytes, { subject: 'safetensors index' });
  if (!isObject(map)) throw error('E_MALFORMED', 'weight-map', 'weight_map is missing');
  if (metadata !== undefined && !isObject(metadata))
    throw error('E_MALFORMED', 'metadata', 'metadata is not an object');

  const weightMap = new Map<string, string>();
  const shards = new Set<string>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== 'string' || shard === '') {
      throw error('E_MALFORMED', 'shard', 'a shard is not the name of a file beside the index');
    }
    if (leavesDirectory(shard)) {
      const what = `the shard ${JSON.stringify(shard.slice(0, 160))} lies outside of the index's directory`;
      throw error('E_MALFORMED', 'shard-escapes', what);
    }
    if (shard === '.' || shard.includes('/')) {
      throw error('E_MALFORMED', 'shard', 'a shard is not the name of a file beside the index');
    }
    weightMap.set(tensor, shard);
    shards.add(shard);
  }
  if (shards.size > limits.shards) throw error('E_LIMIT', 'shards', `${shards.size} shards`);
  if (weightMap.size > limits.tensorsPerFile) throw error('E_LIMIT', 'tensors', `${weightMap.size} tensors`);
  return { weightMap, metadata: metadata ?? {} };
}

function error(code: 'E_MALFORMED' | 'E_LIMIT', rule: string, message: string): MlbomError {
  return new MlbomError(code, `safetensors index: ${message}`, { rule: `safetensors-index-${rule}` });
}
