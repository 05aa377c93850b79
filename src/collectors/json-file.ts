import type { Entry } from '../core/entry.ts';
import { parseJsonObject, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { readAll } from '../formats/read-all.ts';

/**
 * A JSON object that is all of a file.
 * @param limit the most bytes that are read
 * @throws MlbomError `E_LIMIT`, `E_MALFORMED`
 */
export async function readJsonFile(
  entry: Entry,
  limit: number = limits.repositoryFileBytes,
): Promise<JsonObject> {
  return parseJsonObject(await readAll(entry, limit, entry.path), { subject: entry.path });
}
