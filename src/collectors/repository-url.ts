import { webUrl } from '../core/web-url.ts';

/**
 * The address of a repository or a distribution as a BOM may carry it: without user, password, query and fragment, and
 * without conda's `/t/TOKEN/`. Undefined for paths of a machine and for what is no address.
 */
export function repositoryUrl(text: string): string | undefined {
  const plain = text.trim().replace(/^(?:git|hg|svn|bzr)\+/, '');
  const url = webUrl(plain);
  if (url !== undefined) return url.replace(/^(https?:\/\/[^/]+)\/t\/[^/]+(?=\/)/i, '$1');
  const [, scheme, rest] = /^(ssh|git):\/\/(?:[^/@]*@)?([\w.:/~+-]+)$/i.exec(plain) ?? [];
  return scheme === undefined || rest === undefined || rest.length > longest
    ? undefined
    : `${scheme.toLowerCase()}://${rest}`;
}

const longest = 2048;
