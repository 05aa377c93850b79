import type { LicenseClaim } from '../core/fact.ts';
import type { JsonObject } from '../core/json.ts';
import { textAt, textsAt } from '../core/json-access.ts';
import { licenseClaim } from './license-claim.ts';

/** The Hub writes `license: other` beside a `license_name` for what SPDX does not list. */
export function cardLicense(card: JsonObject): LicenseClaim | undefined {
  const listed = textsAt(card, 'license').filter((license) => license !== 'other');
  const license =
    listed.length > 0 ? listed.join(', ') : (textAt(card, 'license_name') ?? textAt(card, 'license'));
  const url = textAt(card, 'license_link');
  return license === undefined ? undefined : licenseClaim(license, url);
}
