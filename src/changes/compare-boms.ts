import type { Bom } from '../core/bom.ts';
import type { Change } from '../core/change.ts';
import { compareCodePoints } from '../core/order.ts';
import { severities } from '../core/severity.ts';
import { ancestorRule } from './rules/ancestors.ts';
import { cardRule } from './rules/card.ts';
import { completenessRule } from './rules/completeness.ts';
import { contentRule } from './rules/content.ts';
import { datasetRule } from './rules/datasets.ts';
import { documentPartiesRule, partiesRule } from './rules/parties.ts';
import { evidenceRule } from './rules/evidence.ts';
import { licenseRule } from './rules/licenses.ts';
import { modelFactsRule } from './rules/model-facts.ts';
import { nameRule } from './rules/names.ts';
import { presenceRule } from './rules/presence.ts';
import { otherDocumentFieldsRule, otherFieldsRule } from './rules/other-fields.ts';
import { versionRule } from './rules/versions.ts';
import { sceneOf, type Pair, type Scene } from './scene.ts';

/** Each looks at one matched component and takes the differences that it explains. */
const pairRules: readonly ((pair: Pair, scene: Scene) => Iterable<Change>)[] = [
  contentRule,
  nameRule,
  versionRule,
  licenseRule,
  ancestorRule,
  datasetRule,
  modelFactsRule,
  evidenceRule,
  partiesRule,
  cardRule,
  otherFieldsRule,
];

/** Each looks at the BOMs as wholes. */
const sceneRules: readonly ((scene: Scene) => Iterable<Change>)[] = [
  presenceRule,
  completenessRule,
  documentPartiesRule,
  otherDocumentFieldsRule,
];

/**
 * What changed from one BOM to another, worst first. Any CycloneDX JSON can be compared, whoever made it.
 * Two writings of one inventory are equal: order, `bom-ref`s, serial number, version counter and timestamps say
 * nothing, and licences and hash algorithms are compared by what they mean. What follows from a changed file (the
 * artifact digest, the OMS root, sizes) is part of that change. A difference that no rule knows is `G001`.
 * @throws MlbomError `E_LIMIT` when a BOM is nested too deeply
 */
export function compareBoms(old: Bom, next: Bom): Change[] {
  const scene = sceneOf(old, next);
  return [...changesIn(scene)].sort(worstFirst);
}

function* changesIn(scene: Scene): Generator<Change> {
  for (const match of scene.matching.matches) {
    if (match.by === 'content') continue;
    const pair = { ...match, differences: scene.differencesOf(match.old, match.new) };
    for (const rule of pairRules) yield* rule(pair, scene);
  }
  for (const rule of sceneRules) yield* rule(scene);
}

function worstFirst(a: Change, b: Change): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    compareCodePoints(a.id, b.id) ||
    compareCodePoints(a.subject.path ?? a.subject.name, b.subject.path ?? b.subject.name) ||
    compareCodePoints(a.what, b.what)
  );
}
