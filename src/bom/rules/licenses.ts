import { limits } from '../../core/limits.ts';
import { isDeprecatedSpdxId, parseSpdxExpression, spdxId } from '../../core/spdx.ts';
import { holderOf, type Place } from './places.ts';
import { none, quoted, textOf, violation, type LintRule } from './rule.ts';

export const licenseRules: readonly LintRule[] = [
  {
    id: 'MLB-BOM-030',
    severity: 'error',
    title: 'A licence expression is not valid',
    why: 'It must be a valid SPDX license expression; the schema checks only that it is text.',
    on: ['expression'],
    check(place) {
      const { value } = place;
      if (typeof value !== 'string' || !isLicense(place) || isExpression(withCanonicalIds(value)))
        return none;
      return violation(
        `${quoted(value)} is not an SPDX license expression`,
        'use ids of the SPDX list with AND, OR, WITH, or LicenseRef-…; or give "license" with a "name"',
      );
    },
  },
  {
    id: 'MLB-BOM-031',
    severity: 'info',
    title: 'A licence id is deprecated',
    why: 'SPDX keeps deprecated ids for old documents; some (GPL-2.0) do not say whether later versions apply.',
    on: ['license', 'expression', 'licenseIdentifier'],
    check(place) {
      const { value } = place;
      if (!isLicense(place)) return none;
      const text = typeof value === 'string' ? value : (textOf(value, 'id') ?? '');
      const id = idsIn(text).find(isDeprecatedSpdxId);
      return id === undefined
        ? none
        : violation(`${id} is deprecated`, 'use the id that SPDX names in its place');
    },
  },
  {
    id: 'MLB-BOM-032',
    severity: 'warning',
    title: 'A licence name is an SPDX id',
    why: 'A licence under "name" is free text to every policy; under "id" it is the licence.',
    on: ['license'],
    check({ value }) {
      const id = spdxId(textOf(value, 'name') ?? '');
      if (id === undefined) return none;
      return violation(`"${id}" is an SPDX licence id`, `write "id": "${id}" in place of "name"`, '/name');
    },
  },
  {
    id: 'MLB-BOM-033',
    severity: 'warning',
    title: "A licence id is not in SPDX's spelling",
    why: 'SPDX matches ids without regard to case; most tools do not.',
    on: ['expression'],
    check(place) {
      const { value } = place;
      if (typeof value !== 'string' || !isLicense(place) || value.length > limits.licenseExpression)
        return none;
      const canonical = withCanonicalIds(value);
      if (canonical === value || !isExpression(canonical)) return none;
      return violation('an id is in another case than in the SPDX list', `write ${quoted(canonical)}`);
    },
  },
];

/** Triggers of a workflow have expressions too, of any language. */
function isLicense(place: Place): boolean {
  return place.owner !== 'expression' || holderOf(place)?.owner === 'licenses';
}

function isExpression(text: string): boolean {
  return parseSpdxExpression(text) !== undefined;
}

function withCanonicalIds(text: string): string {
  if (text.length > limits.licenseExpression) return text;
  return text.replace(/[A-Za-z0-9.-]+/g, (word) => spdxId(word) ?? word);
}

function idsIn(text: string): string[] {
  return text.length > limits.licenseExpression ? [] : text.split(/[ ()+]+/);
}
