import { MlbomError } from '../core/errors.ts';
import type { Store } from '../core/store.ts';
import { openDirectory } from '../stores/directory.ts';
import { localPath } from './local-path.ts';

/**
 * Opens what the user points at: a path, or `dir:PATH`.
 * @throws MlbomError `E_UNSUPPORTED` for a scheme that is not read, `E_NOT_FOUND`, `E_UNREADABLE`
 */
export async function openSource(source: string): Promise<Store> {
  if (source === '')
    throw new MlbomError('E_USAGE', 'an empty source', { next: 'name a directory or a file' });
  const scheme = source.startsWith('dir:') ? undefined : /^([a-z][a-z0-9+.-]*):\/\//i.exec(source)?.[1];
  if (scheme !== undefined) {
    throw new MlbomError('E_UNSUPPORTED', `${scheme}:// cannot be read by this version of mlbom`, {
      subject: withoutSecrets(source),
      next: 'copy it to a directory and name that',
    });
  }
  return openDirectory(localPath(source));
}

/** User names, passwords and query strings of URIs do not belong in messages. */
function withoutSecrets(uri: string): string {
  return uri.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/s, '');
}
