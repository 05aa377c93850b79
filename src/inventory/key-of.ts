import type { Target } from '../core/fact.ts';

/**
 * What makes two mentions the same thing: the purl without its version, else the URL, else the name.
 * The Hub and people write names in any case; the paths of other URLs are told apart by it.
 */
export function keyOf({ purl, url, name }: Target): string {
  if (purl !== undefined) return purl.replace(/@[^#?]*/, '').toLowerCase();
  if (url === undefined) return name.toLowerCase();
  return url.startsWith('https://huggingface.co/') ? url.toLowerCase() : url;
}
