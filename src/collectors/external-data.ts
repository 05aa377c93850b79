import type { Entry } from '../core/entry.ts';
import { contradiction, type Problem } from '../core/problem.ts';

/**
 * The problem of a model that names files outside its own directory: a program that loads the model would read them.
 * @param what lies there: `weights`
 */
export function dataOutside(
  entry: Entry,
  what: string,
  [location, ...others]: readonly string[],
): readonly Problem[] {
  if (location === undefined) return [];
  const more = others.length > 0 ? ` and in ${others.length} more places` : '';
  const reason = `${what} at ${JSON.stringify(location.slice(0, 160))}${more}, outside the model's directory; not read`;
  return [contradiction('external-data-escapes', entry.path, reason)];
}
