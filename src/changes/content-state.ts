import { digestsOf, type Part } from './part.ts';

/** `lost`: the old state has digests, and the new one none that could be compared with them. */
export type ContentState = 'same' | 'changed' | 'lost' | 'unknown';

/** Compares content by every digest algorithm that both sides have. */
export function contentState(old: Part, next: Part): ContentState {
  const was = digestsOf(old);
  const now = digestsOf(next);
  const shared = [...was.keys()].filter((algorithm) => now.has(algorithm));
  if (shared.some((algorithm) => was.get(algorithm) !== now.get(algorithm))) return 'changed';
  if (shared.length > 0) return 'same';
  return was.size > 0 ? 'lost' : 'unknown';
}

/** `sha-256:<hex>`, by SHA-256 where it is given and else by the first algorithm. */
export function shownDigest(part: Part): string | undefined {
  const digests = digestsOf(part);
  const algorithm = digests.has('SHA-256') ? 'SHA-256' : [...digests.keys()].sort()[0];
  if (algorithm === undefined) return undefined;
  return `${algorithm === 'SHA-256' ? 'sha256' : algorithm.toLowerCase()}:${digests.get(algorithm)}`;
}
