import type { Vulnerability } from '../core/bom.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Finding, FindingRule } from '../core/finding.ts';
import { findingPage } from '../core/findings-page.ts';
import type { Inventory, Item } from '../core/inventory.ts';
import { compareCodePoints } from '../core/order.ts';
import type { PropertyName } from '../core/vocabulary.ts';

const name: PropertyName = 'mlbom:finding';
/** Places that one entry lists; a hostile file could have millions. */
const most = 100;

/**
 * Findings as vulnerabilities, one for each rule and component, sorted: filters of other tools know them there, and
 * would not look at properties. References are about the class, never a claim that the file is that CVE.
 */
export function vulnerabilitiesOf(
  { subject, items }: Inventory,
  rules: readonly FindingRule[],
): Vulnerability[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return [subject, ...items]
    .flatMap(within)
    .flatMap(({ ref, findings }) =>
      [...new Set(findings.map(({ rule }) => rule))].map((id) =>
        vulnerability(
          ref,
          findings.filter(({ rule }) => rule === id),
          byId.get(id),
        ),
      ),
    )
    .sort((a, b) => compareCodePoints(a['bom-ref'] ?? '', b['bom-ref'] ?? ''));
}

function within(item: Item): Item[] {
  return [item, ...item.items.flatMap(within)];
}

function vulnerability(
  ref: string,
  findings: readonly Finding[],
  rule: FindingRule | undefined,
): Vulnerability {
  const [first] = findings as [Finding];
  const source = { name: 'mlbom', url: findingPage(first.rule) };
  const references = (rule?.references ?? []).filter((each) => /^CVE-\d+-\d+$/.test(each));
  const more = findings.length > most ? `\n… and ${findings.length - most} more` : '';
  return {
    'bom-ref': `finding:${first.rule}:${ref}`,
    id: first.rule,
    source,
    ...(references.length > 0
      ? { references: references.map((id) => ({ id, source: { name: 'NVD, as an example of the class' } })) }
      : {}),
    ratings: [{ source, severity: first.severity, method: 'other' }],
    cwes: [first.cwe],
    ...(rule ? { description: `${rule.title}. ${rule.why}`, recommendation: rule.fix } : {}),
    detail: `${findings
      .slice(0, most)
      .map(({ message }) => message)
      .join('\n')}${more}`,
    affects: [{ ref }],
    properties: findings.slice(0, most).map((found) => ({ name, value: canonicalJson(placeOf(found)) })),
  };
}

function placeOf({ message, member, offset, length, symbol }: Finding): Record<string, string | number> {
  return {
    message,
    ...(member === undefined ? {} : { member }),
    ...(offset === undefined ? {} : { offset }),
    ...(length === undefined ? {} : { length }),
    ...(symbol === undefined ? {} : { symbol }),
  };
}
