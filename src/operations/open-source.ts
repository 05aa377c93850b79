import { MlbomError } from '../core/errors.ts';
import type { Store } from '../core/store.ts';
import { openDirectory } from '../stores/directory.ts';
import { parseSource } from './parse-source.ts';

/**
 * Opens a place of files: a path, or `dir:PATH`, whatever lies there.
 * @throws MlbomError `E_UNSUPPORTED` for a place of another kind, `E_NOT_FOUND`, `E_UNREADABLE`
 */
export async function openSource(source: string): Promise<Store> {
  const parsed = parseSource(source);
  if (parsed.kind === 'path') return openDirectory(parsed.path);
  throw new MlbomError('E_UNSUPPORTED', `${source}: an image, not a directory`, { subject: source });
}
