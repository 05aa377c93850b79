import type { Entry } from '../core/entry.ts';
import { decodeUtf8, isObject, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { readAll } from '../formats/read-all.ts';
import { parseYaml } from '../formats/yaml.ts';

/**
 * A YAML mapping that somebody wrote by hand; undefined for a document that is something else.
 * @throws MlbomError `E_LIMIT`, `E_MALFORMED`
 */
export async function readYamlFile(entry: Entry): Promise<JsonObject | undefined> {
  const bytes = await readAll(entry, limits.configBytes, entry.path);
  const value = await parseYaml(decodeUtf8(bytes, entry.path), entry.path);
  return isObject(value) ? value : undefined;
}
