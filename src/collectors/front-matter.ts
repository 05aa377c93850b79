import type { Entry } from '../core/entry.ts';
import { decodeUtf8, type JsonValue } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { parseYaml } from '../formats/yaml.ts';

/**
 * The YAML between two `---` lines at the very start of a card, or undefined where there is none.
 * What follows it may be in any encoding.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readFrontMatter(entry: Entry): Promise<JsonValue | undefined> {
  const text = frontMatterOf(await entry.head(Math.min(entry.size, limits.frontMatterBytes)), entry);
  return text === undefined ? undefined : parseYaml(text, entry.path);
}

function frontMatterOf(head: Uint8Array, entry: Entry): string | undefined {
  const bytes = Buffer.from(head).toString('latin1');
  const start = /^---[ \t]*\r?\n/.exec(bytes)?.[0].length;
  if (start === undefined) return undefined;
  const length = bytes.slice(start).search(/^---[ \t]*\r?$/m);
  return length < 0 ? undefined : decodeUtf8(head.subarray(start, start + length), entry.path);
}
