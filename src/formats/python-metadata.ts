import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

/** Fields by lower-case name, each with its values in order; folded lines are joined by line feeds. */
export type PythonMetadata = ReadonlyMap<string, readonly string[]>;

/**
 * The fields of a `METADATA`, `PKG-INFO` or `WHEEL` file, without the description below them (PyPA "Core metadata").
 * Like Python's own reader it ends at the first line that is no field, and takes bytes that are not UTF-8 as unknown
 * characters.
 * @throws MlbomError `E_MALFORMED` when it begins with no field; `E_LIMIT` when the fields do not end
 */
export async function readPythonMetadata(source: ByteSource, subject: string): Promise<PythonMetadata> {
  const length = Math.min(source.size, limits.pythonMetadataBytes);
  const text = new TextDecoder().decode(await source.read({ offset: 0, length }));
  const fields = new Map<string, string[]>();
  let last: string[] | undefined;
  let at = 0;
  while (at < text.length) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const line = text.charCodeAt(end - 1) === 0x0d ? text.slice(at, end - 1) : text.slice(at, end);
    at = end + 1;
    const isFolded = line.startsWith(' ') || line.startsWith('\t');
    if (isFolded && last) {
      last[last.length - 1] = `${last[last.length - 1] ?? ''}\n${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (isFolded || colon < 1 || !/^[\x21-\x39\x3b-\x7e]+$/.test(line.slice(0, colon))) break;
    const name = line.slice(0, colon).toLowerCase();
    last = fields.get(name) ?? [];
    last.push(line.slice(colon + 1).trim());
    fields.set(name, last);
  }
  if (fields.size === 0) {
    throw new MlbomError('E_MALFORMED', `${subject}: begins with no field`, {
      subject,
      rule: 'python-metadata',
      offset: 0,
    });
  }
  if (at >= text.length && length < source.size) {
    throw new MlbomError('E_LIMIT', `${subject}: more than ${length} bytes of fields`, {
      subject,
      rule: 'python-metadata-size',
    });
  }
  return fields;
}
