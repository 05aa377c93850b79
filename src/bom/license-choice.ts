import type { LicenseChoice } from '../core/bom.ts';
import type { LicenseClaim } from '../core/fact.ts';
import { isSpdxExpression, spdxId } from '../core/spdx.ts';

/**
 * A licence as somebody wrote it: by SPDX id or expression where it is one, by name otherwise (`llama3.1`).
 * It is what was declared; nobody has concluded anything.
 */
export function licenseChoice({ license, url }: LicenseClaim): LicenseChoice {
  const id = spdxId(license);
  const acknowledgement = 'declared';
  if (id === undefined && isSpdxExpression(license)) return { expression: license.trim(), acknowledgement };
  return {
    license: {
      ...(id === undefined ? { name: license } : { id }),
      ...(url === undefined ? {} : { url }),
      acknowledgement,
    },
  };
}

/** A card may name several licences and not say how they go together; each is written down, if SPDX knows them all. */
export function licenseChoices(claim: LicenseClaim): LicenseChoice[] {
  const parts = claim.license.split(', ');
  if (parts.length < 2 || parts.some((part) => spdxId(part) === undefined)) return [licenseChoice(claim)];
  return parts.map((license) => licenseChoice({ ...claim, license }));
}
