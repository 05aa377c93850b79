import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { decodeUtf8 } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { readAll } from './read-all.ts';

/**
 * The keys of a `pyvenv.cfg`, in lower case: lines of `key = value` (PEP 405); the last of two equal keys counts.
 * @throws MlbomError `E_MALFORMED` when it has no `home`, without which Python sees no environment; `E_LIMIT`
 */
export async function readPyvenvCfg(
  source: ByteSource,
  subject: string,
): Promise<ReadonlyMap<string, string>> {
  const text = decodeUtf8(await readAll(source, limits.pyvenvBytes, subject), subject);
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim());
  }
  if (values.has('home')) return values;
  throw new MlbomError('E_MALFORMED', `${subject}: names no home of an interpreter`, {
    subject,
    rule: 'pyvenv-home',
  });
}
