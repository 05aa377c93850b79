import type { FileList } from '../../core/file-list.ts';
import { leavesDirectory } from '../../formats/leaves-directory.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { siblingOf } from '../../core/path.ts';
import type { AttributeList } from '../attributes.ts';
import { datasetKey } from '../dataset-place.ts';

/** `state.json` of `save_to_disk`: the files, and the fingerprint of what was done to the data. */
export function addState(state: JsonObject, attributes: AttributeList): void {
  const fingerprint = textAt(state, '_fingerprint');
  if (fingerprint !== undefined && /^[0-9a-f]{8,64}$/.test(fingerprint))
    attributes.add('mlbom:dataset:statistic', `fingerprint=${fingerprint}`, '_fingerprint');
}

/** The files that the state names, beside it. */
export function filesOf(state: JsonObject, path: string, directory: string): FileList | undefined {
  const listed = valueAt(state, '_data_files');
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > limits.datasetListEntries)
    return undefined;
  const names = listed.flatMap((file) => textAt(file, 'filename') ?? []);
  const files = names
    .filter((name) => !leavesDirectory(name))
    .map((name) => ({ path: siblingOf(path, name) }));
  return { component: datasetKey(directory), path, files, owns: [], describes: true };
}
