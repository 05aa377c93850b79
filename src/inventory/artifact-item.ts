import type { Attribute, Fact } from '../core/fact.ts';
import type { Item } from '../core/inventory.ts';
import { nameOf } from '../core/path.ts';
import type { CollectedArtifact } from './collected-artifact.ts';
import { completenessOf } from './completeness.ts';
import { describe } from './directories.ts';
import { fileItems } from './file-items.ts';
import { groupWeights, type WeightsGroup } from './group-weights.ts';
import { incomparableFor } from './incomparable.ts';
import { conflictProblem, modelItem } from './model-item.ts';
import { reconcile } from './reconcile.ts';

/**
 * One source as an item. Where it holds one model, it is that model and nests its files; where it holds several,
 * it nests the models, and each of them its own files. Refs begin with `prefix`.
 */
export function artifactItem(artifact: CollectedArtifact, declared: readonly Fact[], prefix: string): Item {
  const files = fileItems(artifact, prefix);
  const sizes = new Map(artifact.files.map((file) => [file.path, file.size]));
  const groups = groupWeights(artifact.facts, sizes);
  const { ofSubject, ofGroup } = describe(groups, artifact.facts);
  const whole = [...declared, ...ofSubject];
  const single = groups.length === 1 ? groups[0] : undefined;

  const models = single
    ? []
    : groups.map((group) => {
        const model = nestedModel(group, ofGroup.get(group) ?? [], whole, prefix);
        return {
          ...model,
          items: taken(files, group.paths),
          problems: [...model.problems, ...completenessOf(group, sizes)],
        };
      });
  const facts = [...whole, ...(single?.facts ?? [])];
  const subject = modelItem({ ref: `${prefix}artifact`, name: artifact.name, path: '.', prefix, facts });
  const { digest, omsRoot, manifest, excluded } = artifact;
  return {
    ...subject,
    type: typeOf(facts),
    items: [...models, ...taken(files, [...files.keys()])],
    dependsOn: models.map((model) => model.ref),
    artifact: { digest, omsRoot, manifest, excluded },
    problems: [
      ...artifact.problems.filter((problem) => !sizes.has(problem.path)),
      ...subject.problems,
      ...(single ? completenessOf(single, sizes) : []),
    ],
  };
}

/** One of several models, held against the card of the whole. */
function nestedModel(
  group: WeightsGroup,
  described: readonly Fact[],
  whole: readonly Fact[],
  prefix: string,
): Item {
  const path = group.paths[0] ?? '.';
  const name = nameOf(path).replace(/(?:-\d{5}-of-\d{5})?\.[^.]*$/, '');
  const facts = [...described, ...group.facts];
  const ref = `${prefix}model:${path}`;
  // A base that several models share is described at each of them, and a bom-ref is unique.
  const model = modelItem({ ref, name, path, prefix: `${ref}/`, facts });
  const conflicts = againstWhole(model.attributes, whole);
  return {
    ...model,
    conflicts: [...model.conflicts, ...conflicts],
    problems: [...model.problems, ...conflicts.map((conflict) => conflictProblem(conflict, path))],
  };
}

/** What a card says of the whole holds for each of its models too; a size or a name need not. */
const shared = new Set<string>([
  'license',
  'architectureFamily',
  'mlbom:model:parameters',
  'mlbom:model:dtype',
]);

function againstWhole(own: readonly Attribute[], whole: readonly Fact[]): Item['conflicts'] {
  const mine = own.filter(({ name }) => shared.has(name));
  const theirs = whole
    .flatMap((fact) => fact.attributes)
    .filter(({ name }) => mine.some((item) => item.name === name));
  return reconcile([...mine, ...theirs], incomparableFor(own)).conflicts;
}

function typeOf(facts: readonly Fact[]): Item['type'] {
  if (facts.some((fact) => fact.type === 'machine-learning-model')) return 'machine-learning-model';
  return facts.some((fact) => fact.type === 'data') ? 'data' : 'application';
}

/** Moves the items of these paths out of the map. */
function taken(files: Map<string, Item>, paths: readonly string[]): Item[] {
  return paths.flatMap((path) => {
    const item = files.get(path);
    files.delete(path);
    return item ? [item] : [];
  });
}
