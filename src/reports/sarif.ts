import { sha256 } from '../core/digest.ts';
import type { Finding, FindingRule } from '../core/finding.ts';
import { findingPage } from '../core/findings-page.ts';
import type { Inventory, Item } from '../core/inventory.ts';
import { compareCodePoints } from '../core/order.ts';
import type { Problem } from '../core/problem.ts';
import type { Severity } from '../core/severity.ts';
import { plainText } from './plain-text.ts';
import { SarifArtifacts, type SarifFile } from './sarif-artifacts.ts';

export interface SarifInput {
  readonly inventory: Pick<Inventory, 'subject' | 'items'>;
  /** All that were looked for, found or not. */
  readonly rules: readonly FindingRule[];
  readonly toolVersion: string;
}

/** One file's part of the report. */
interface Place extends SarifFile {
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
}

const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' } as const;

/** What code scanning sorts by: above 9 critical, from 7 high, from 4 medium, above 0 low. */
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
};

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** Characters of one message; longer ones end with their count. */
const longestMessage = 1000;

/**
 * The findings of an inventory as a SARIF 2.1.0 log, for code scanning. A finding in an archive stands at the archive,
 * with the member as a related location: what lies in a file has no place in a repository.
 * Files that could not be examined are notifications: no result there means that nobody knows.
 */
export function sarif({ inventory, rules, toolVersion }: SarifInput): string {
  const places = placesOf(inventory);
  const described = describedRules(
    rules,
    places.flatMap(({ findings }) => findings),
  );
  const indexes = new Map(described.map(({ id }, index) => [id, index]));
  const artifacts = new SarifArtifacts();
  const results = places.flatMap((place) =>
    place.findings.toSorted(byPlace).map((found) => result(found, place, artifacts, indexes)),
  );
  const notifications = places.flatMap((place) =>
    place.problems
      .filter(({ effect }) => effect === 'incomplete')
      .map((problem) => notification(problem, place, artifacts)),
  );
  const bases = basesOf(inventory);
  const run = {
    tool: {
      driver: {
        name: 'mlbom',
        version: toolVersion,
        semanticVersion: toolVersion,
        informationUri: 'https://mlbom.dev',
        rules: described.map(descriptor),
      },
    },
    ...(bases.length > 0 ? { originalUriBaseIds: Object.fromEntries(bases) } : {}),
    artifacts: artifacts.list,
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }],
    columnKind: 'utf16CodeUnits',
    results,
  };
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function result(
  found: Finding,
  place: Place,
  artifacts: SarifArtifacts,
  indexes: ReadonlyMap<string, number>,
): Record<string, unknown> {
  const { rule, severity, member, symbol } = found;
  const inMember = member === undefined ? undefined : artifacts.locate(place, member);
  const file = artifacts.locate(place);
  return {
    ruleId: rule,
    ruleIndex: indexes.get(rule),
    level: levels[severity],
    message: { text: sentence(member === undefined ? found.message : `${found.message} (in ${member})`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: file,
          ...(inMember === undefined ? regionOf(found) : {}),
        },
        ...(symbol === undefined
          ? {}
          : { logicalLocations: [{ fullyQualifiedName: plainText(symbol, 400) }] }),
      },
    ],
    ...(inMember === undefined
      ? {}
      : {
          relatedLocations: [{ id: 1, physicalLocation: { artifactLocation: inMember, ...regionOf(found) } }],
        }),
    partialFingerprints: { 'mlbom/v1': fingerprint(found, place) },
  };
}

function regionOf({ offset, length }: Finding): { region?: Record<string, number> } {
  if (offset === undefined) return {};
  return { region: { byteOffset: offset, ...(length === undefined ? {} : { byteLength: length }) } };
}

/** The same for the same thing in the same bytes, wherever the file lies and whatever the rule's words are. */
function fingerprint({ rule, path, member, offset, symbol, message }: Finding, { file }: Place): string {
  const where = offset ?? message;
  return sha256([rule, file?.sha256 ?? path, member ?? '', String(where), symbol ?? ''].join('\n'));
}

function notification(
  { code, path, reason }: Problem,
  place: Place,
  artifacts: SarifArtifacts,
): Record<string, unknown> {
  const isPlace = path === '.' || path === '';
  return {
    descriptor: { id: code },
    level: 'warning',
    message: { text: sentence(reason) },
    ...(isPlace
      ? {}
      : { locations: [{ physicalLocation: { artifactLocation: artifacts.locate({ ...place, path }) } }] }),
  };
}

function descriptor({
  id,
  severity,
  cwe,
  title,
  why,
  fix,
  references = [],
}: FindingRule): Record<string, unknown> {
  const links = references.length === 0 ? '' : ` See ${references.join(', ')}.`;
  return {
    id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: `${fix}${links}` },
    helpUri: findingPage(id),
    defaultConfiguration: { level: levels[severity] },
    properties: {
      'security-severity': scores[severity],
      tags: ['security', `external/cwe/cwe-${String(cwe).padStart(3, '0')}`],
    },
  };
}

/** Each rule once, sorted by its id; one that nobody described is what its finding says. */
function describedRules(rules: readonly FindingRule[], findings: readonly Finding[]): FindingRule[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  for (const { rule: id, severity, cwe } of findings) {
    if (!byId.has(id)) byId.set(id, { id, severity, cwe, title: id, why: id, fix: id });
  }
  return [...byId.values()].sort((a, b) => compareCodePoints(a.id, b.id));
}

/** Everything that has a finding or a problem, by path; of several sources, in their order. */
function placesOf({ subject, items }: SarifInput['inventory']): Place[] {
  return [subject, ...items].flatMap((item) => within(item, undefined));

  function within(item: Item, base: string | undefined): Place[] {
    const own = item.artifact && item !== subject ? baseId(subject.items.indexOf(item)) : base;
    const based = own === undefined ? {} : { base: own };
    const nested = item.items.flatMap((each) => within(each, own));
    const here = item.file
      ? [
          {
            ...based,
            path: item.file.path,
            file: item.file,
            findings: item.findings,
            problems: item.problems,
          },
        ]
      : elsewhere(item, based);
    return [...here, ...nested].sort((a, b) =>
      a.base === b.base ? compareCodePoints(a.path, b.path) : compareCodePoints(a.base ?? '', b.base ?? ''),
    );
  }
}

/** What is said of paths that are no files of the artifact, or of something that is no file. */
function elsewhere({ findings, problems }: Item, based: { readonly base?: string }): Place[] {
  const paths = new Set([...findings, ...problems].map(({ path }) => path));
  return [...paths].map((path) => ({
    ...based,
    path,
    findings: findings.filter((found) => found.path === path),
    problems: problems.filter((problem) => problem.path === path),
  }));
}

/** Several sources are told apart by what their paths are relative to. */
function basesOf({ subject }: SarifInput['inventory']): [id: string, location: Record<string, unknown>][] {
  if (subject.artifact) return [];
  return subject.items.flatMap((item, index): [string, Record<string, unknown>][] => {
    const name = item.attributes.find((attribute) => attribute.name === 'name')?.value;
    if (!item.artifact || typeof name !== 'string') return [];
    return [[baseId(index), { description: { text: plainText(name, 200) } }]];
  });
}

function baseId(index: number): string {
  return `SOURCE${index + 1}`;
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compareCodePoints(a.member ?? '', b.member ?? '') ||
    (a.offset ?? 0) - (b.offset ?? 0) ||
    compareCodePoints(a.rule, b.rule) ||
    compareCodePoints(a.symbol ?? '', b.symbol ?? '')
  );
}

/** One harmless line. Brackets before a parenthesis would be a link (§3.11.6). */
function sentence(text: string): string {
  const line = plainText(text, longestMessage);
  return `${line.includes('](') ? line.replace(/[[\]]/g, '\\$&') : line}.`;
}
