import type { JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import type { ValidationSeverity } from '../core/validation-finding.ts';
import { citationRules } from './rules/citations.ts';
import { componentRules } from './rules/components.ts';
import { documentRules } from './rules/document.ts';
import { graphRules } from './rules/graph.ts';
import { hashRules } from './rules/hashes.ts';
import { licenseRules } from './rules/licenses.ts';
import { pointerOf, visitPlaces } from './rules/places.ts';
import { purlRules } from './rules/purls.ts';
import { referenceRules } from './rules/references.ts';
import { indexOf, none, type LintRule } from './rules/rule.ts';

/** What a rule found at one place. */
export interface LintFinding {
  readonly rule: string;
  readonly severity: ValidationSeverity;
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/** Not a question to the document: it says that the list ends early. */
const unlisted: LintRule = {
  id: 'MLB-BOM-099',
  severity: 'error',
  title: 'There are more findings than are listed',
  why: 'A hostile document could have millions; nobody reads them, and memory is bounded.',
  on: [],
  check: () => none,
};

/** Every rule, in the order of their ids. `docs/` lists them from here. */
export const lintRules: readonly LintRule[] = [
  ...referenceRules,
  ...hashRules,
  ...purlRules,
  ...licenseRules,
  ...componentRules,
  ...citationRules,
  ...graphRules,
  ...documentRules,
  unlisted,
];

const onStrings = lintRules.filter((rule) => rule.on === 'every-string');
const byMember = rulesByMember();

/**
 * What the schema accepts and the specification, or plain sense, does not. In document order; linear in its size.
 * It looks at any JSON object and asks nothing of its shape.
 * @throws MlbomError `E_LIMIT` when nested too deeply
 */
export function lint(document: JsonObject): LintFinding[] {
  const index = indexOf(document);
  const findings: LintFinding[] = [];
  visitPlaces(document, (place) => {
    if (findings.length >= limits.bomFindings) return;
    const rules = byMember.get(place.owner);
    for (const rule of rules ?? []) run(rule);
    if (typeof place.value === 'string') for (const rule of onStrings) run(rule);

    function run(rule: LintRule): void {
      for (const { message, fix, at } of rule.check(place, index)) {
        const pointer = `${pointerOf(place)}${at ?? ''}`;
        findings.push({ rule: rule.id, severity: rule.severity, pointer, message, fix });
      }
    }
  });
  if (findings.length < limits.bomFindings) return findings;
  const { id, severity, title } = unlisted;
  const end: LintFinding = {
    rule: id,
    severity,
    pointer: '',
    message: title,
    fix: 'mend these, and ask again',
  };
  return [...findings.slice(0, limits.bomFindings), end];
}

function rulesByMember(): ReadonlyMap<string, readonly LintRule[]> {
  const map = new Map<string, LintRule[]>();
  for (const rule of lintRules) {
    if (rule.on === 'every-string') continue;
    for (const member of rule.on) map.set(member, [...(map.get(member) ?? []), rule]);
  }
  return map;
}
