import type { Entry } from '../core/entry.ts';
import { parseJsonObject, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { readAll } from '../formats/read-all.ts';

/**
 * A JSON object that lies in a repository.
 * @throws MlbomError `E_LIMIT`, `E_MALFORMED`
 */
export async function readJsonFile(entry: Entry): Promise<JsonObject> {
  return parseJsonObject(await readAll(entry, limits.repositoryFileBytes, entry.path), {
    subject: entry.path,
  });
}
