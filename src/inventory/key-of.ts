import type { Target } from '../core/fact.ts';

/** What makes two mentions the same thing: the purl without its version, else the URL, else the name. */
export function keyOf(target: Target): string {
  return (target.purl?.replace(/@[^#?]*/, '') ?? target.url ?? target.name).toLowerCase();
}
