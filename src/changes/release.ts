import { packageVersion } from './package-url.ts';
import type { Part } from './part.ts';

/** The version of a part: its own field, or else what its package URL says. */
export function versionOf(part: Part): string | undefined {
  return part.version ?? (part.purl === undefined ? undefined : packageVersion(part.purl));
}

/** The version a part is released under: its own, or that of the nearest component around it that has one. */
export function releaseOf(part: Part): string | undefined {
  for (let at: Part | undefined = part; at; at = at.parent) {
    const version = versionOf(at);
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
