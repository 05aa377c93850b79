import type { Fact } from '../core/fact.ts';
import type { Item } from '../core/inventory.ts';
import { nameOf } from '../core/path.ts';
import { againstWhole } from './against-whole.ts';
import { ancestorsOf } from './ancestors.ts';
import { assignDirectoryFacts } from './assign-directory-facts.ts';
import type { CollectedArtifact } from './collected-artifact.ts';
import { completenessOf } from './completeness.ts';
import { fileItems } from './file-items.ts';
import { groupWeights, pathOf, type WeightsGroup } from './group-weights.ts';
import { modelItem, withConflicts } from './model-item.ts';
import type { RefMaker } from './refs.ts';

/**
 * One source as an item. Where it holds one model, it is that model and nests its files; where it holds several,
 * it nests the models, and each of them its own files.
 */
export function artifactItem(artifact: CollectedArtifact, declared: readonly Fact[], ref: RefMaker): Item {
  const files = fileItems(artifact, ref);
  const sizes = new Map(artifact.files.map((file) => [file.path, file.size]));
  const groups = groupWeights(artifact.facts, sizes);
  const { ofSubject, ofGroup } = assignDirectoryFacts(groups, artifact.facts);
  const whole = [...declared, ...ofSubject];
  const single = groups.length === 1 ? groups[0] : undefined;

  const models = single
    ? []
    : nestedModels(groups, ofGroup, whole, ref).map((model, index): Item => {
        const group = groups[index];
        if (!group) return model;
        const problems = [...model.problems, ...completenessOf(group, sizes)];
        return { ...model, items: taken(files, group.paths), problems };
      });
  // What travels in the file that runs goes before what lies beside it.
  const facts = [...declared, ...(single?.facts ?? []), ...ofSubject];
  const subject = modelItem({
    ref: ref('artifact'),
    name: artifact.name,
    path: '.',
    ancestorRef: (key) => ref('ancestor', key),
    facts,
  });
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

/** Several models, each held against the card of the whole unless it has a description of its own. */
function nestedModels(
  groups: readonly WeightsGroup[],
  described: ReadonlyMap<WeightsGroup, readonly Fact[]>,
  whole: readonly Fact[],
  ref: RefMaker,
): Item[] {
  const models = groups.map((group) => nestedModel(group, described.get(group) ?? [], ref));
  const conflicts = againstWhole(
    models.filter((_, index) => !isDescribed(groups[index], described)),
    whole,
  );
  return models.map((model, index) => {
    const group = groups[index];
    const bases = group && !isDescribed(group, described) ? basesAgainst(group.facts, whole) : [];
    return withConflicts(model, [...(conflicts.get(model) ?? []), ...bases], pathOfModel(group));
  });
}

function isDescribed(
  group: WeightsGroup | undefined,
  described: ReadonlyMap<WeightsGroup, unknown>,
): boolean {
  return group !== undefined && described.has(group);
}

function basesAgainst(own: readonly Fact[], whole: readonly Fact[]): Item['conflicts'] {
  const hasBase = own.some((fact) => fact.relations.some(({ type }) => type === 'base-model'));
  return hasBase ? ancestorsOf([...own, ...whole], (key) => key).conflicts : [];
}

function nestedModel(group: WeightsGroup, described: readonly Fact[], ref: RefMaker): Item {
  const path = pathOfModel(group);
  const name =
    nameOf(path).replace(/(?:-\d{5}-of-\d{5})?\.(?:safetensors\.index\.json|[^.]*)$/, '') || nameOf(path);
  return modelItem({
    ref: ref('model', path),
    name,
    path,
    // A base that several models share is described at each of them.
    ancestorRef: (key) => ref('ancestor', path, key),
    facts: [...group.facts, ...described],
  });
}

/** The first path that its facts are about: no other group has a fact about it. */
function pathOfModel(group: WeightsGroup | undefined): string {
  const [first] = group?.facts ?? [];
  return first ? pathOf(first) : '.';
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
