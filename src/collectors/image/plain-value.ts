import { limits } from '../../core/limits.ts';
import { repositoryUrl } from '../repository-url.ts';

/** Names whose values are keys and passwords, whatever they look like. */
const secretName =
  /token(?!izer)|secret|passw|pwd|credential|auth(?!or)|cookie|session|signature|(?:^|[_.-])(?:key|pat|sas|dsn)s?(?:$|[_.-])|api[_.-]?key|private/i;
/** Beginnings of tokens that providers hand out; the rest of them is long. */
const token =
  /(?:^|[^A-Za-z0-9])(?:hf_|gh[pousr]_|github_pat_|glpat-|npm_|pypi-|sk-|nvapi-|xox[abeprs]-|AKIA|ASIA|AIza|eyJ)[\w-]{10}/;

/** True where a value under this name may be a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/**
 * A value of a configuration as a BOM may carry it: one line, no token, an address without user, password and query.
 * Undefined for anything else.
 */
export function plainValue(text: string): string | undefined {
  const value = text.trim();
  if (value === '' || value.length > limits.provenanceText || !value.isWellFormed()) return undefined;
  if (/\p{Cc}/u.test(value) || token.test(value) || isLongSecret(value)) return undefined;
  if (!value.includes('://')) return /[^\s/@]:[^\s/@]*@/.test(value) ? undefined : value;
  return repositoryUrl(value);
}

/** Two dozen letters and digits in a row, mixed: what random keys look like, and no digest, version or name. */
function isLongSecret(text: string): boolean {
  return (text.match(/[A-Za-z0-9+]{24,}/g) ?? []).some(
    (run) => /\d/.test(run) && /[A-Z]/.test(run) && /[a-z]/.test(run),
  );
}
