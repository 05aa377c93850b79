import { packageVersion } from './package-url.ts';
import type { Part } from './part.ts';

/** The version a part is released under: its own, or that of the nearest component around it that has one. */
export function releaseOf(part: Part): string | undefined {
  for (let at: Part | undefined = part; at; at = at.parent) {
    const version = at.version ?? (at.purl === undefined ? undefined : packageVersion(at.purl));
    if (version !== undefined && version !== '') return version;
  }
  return undefined;
}

/** True unless both states name their versions and these differ: a missing version announces nothing. */
export function sameRelease(old: Part, next: Part): boolean {
  const was = releaseOf(old);
  const now = releaseOf(next);
  return was === undefined || now === undefined || was === now;
}
