import { isObject, parseJson, type JsonValue } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { DatasetColumn } from '../dataset-column.ts';

/** Lines of a sample that are read as JSON. */
const sampledLines = 200;

/**
 * The members of the objects of a sample of JSON Lines (jsonlines.org), in the order of their first appearance;
 * undefined when there is no complete line. `isWhole` says that the last line is complete.
 * @throws MlbomError `E_MALFORMED` for a line that is no JSON
 */
export function sampleJsonLines(
  text: string,
  isWhole: boolean,
  subject: string,
): DatasetColumn[] | undefined {
  const lines = text.split('\n', sampledLines + 1);
  if (!isWhole || lines.length > sampledLines) lines.pop();
  const values = lines
    .filter((line) => line.trim() !== '')
    .map((line) => parseJson(line, { subject, depth: limits.datasetTypeDepth }));
  if (values.length === 0) return undefined;
  const types = new Map<string, Set<string>>();
  for (const value of values) {
    for (const [name, member] of Object.entries(isObject(value) ? value : { value })) {
      const known = types.get(name);
      if (known) known.add(typeOf(member));
      else types.set(name, new Set([typeOf(member)]));
    }
  }
  return [...types].map(([name, seen]) => {
    const kinds = [...seen].filter((kind) => kind !== 'null').sort();
    return [name, kinds.length > 0 ? kinds.join('|') : 'null'];
  });
}

/** The number of lines that say something. */
export function countLines(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (text.slice(at, Math.min(end, at + 64)).trim() !== '' || text.slice(at, end).trim() !== '') count++;
    at = end + 1;
  }
  return count;
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  return typeof value;
}
