import type { LicenseClaim } from '../core/fact.ts';
import { limits } from '../core/limits.ts';
import { webUrl } from '../core/web-url.ts';

/** A licence as a card or a header writes it, with its address where that is one. */
export function licenseClaim(license: string, link: string | undefined): LicenseClaim {
  const url = link === undefined || link.length > limits.attributeText ? undefined : webUrl(link);
  return url === undefined ? { license } : { license, url };
}
