import type { Fact } from '../core/fact.ts';
import type { ImageDigests, Item } from '../core/inventory.ts';
import { directoryOf, isWithin, nameOf } from '../core/path.ts';
import { againstWhole } from './against-whole.ts';
import { ancestorsOf } from './ancestors.ts';
import { assignDirectoryFacts, directoryOfGroup } from './assign-directory-facts.ts';
import type { CollectedImage } from './collected-image.ts';
import { completenessOf } from './completeness.ts';
import { dataItem } from './data-item.ts';
import type { Datasets } from './datasets.ts';
import { fileItems } from './file-items.ts';
import { pathOf, type WeightsGroup } from './group-weights.ts';
import { imageParts } from './image-parts.ts';
import { modelItem, withConflicts } from './model-item.ts';
import { holds, type PlacedDataset } from './placed-datasets.ts';
import { runtimeOf } from './runtime-of.ts';
import type { Survey } from './survey.ts';

/**
 * One source as an item. Where it is one model, it is that model and nests its files; where it holds more, it nests
 * the models and the datasets, and each of them its own files.
 */
export function artifactItem(surveyed: Survey, declared: readonly Fact[], datasets: Datasets): Item {
  const { artifact, ref, sizes, groups, things } = surveyed;
  const parts = artifact.image && imageParts(artifact.image, ref);
  const files = fileItems(artifact, surveyed.checked, ref);
  const { ofSubject, ofGroup } = assignDirectoryFacts(groups, surveyed.facts);
  const whole = [...declared, ...ofSubject];
  const single = isOneModel(surveyed, ofSubject) ? groups[0] : undefined;
  const isDataset = groups.length === 0 && surveyed.datasets.some(isWhole);

  // Of the one model in a system, what describes a model is said of that model.
  const [inner] = !single && groups.length === 1 ? groups : [];
  const ofInner = inner ? ofSubject.filter(isOfModel) : [];
  const described = inner ? new Map([[inner, ofInner]]) : ofGroup;
  const ofWhole = inner ? ofSubject.filter((fact) => !isOfModel(fact)) : ofSubject;
  const models = single ? [] : nestedModels(groups, described, whole, surveyed, datasets);
  const nested = models.map((model, index): Item => {
    const group = groups[index];
    if (!group) return model;
    const problems = [...model.problems, ...completenessOf(group, sizes)];
    return { ...model, items: taken(files, group.paths), problems };
  });
  const kept = surveyed.datasets
    .filter((placed) => !(isDataset && isWhole(placed)))
    // The innermost first, so that a dataset in a dataset keeps its files.
    .toSorted((a, b) => b.path.length - a.path.length)
    .map((placed) => ({
      ...dataItem(placed, datasets),
      items: taken(
        files,
        [...files.keys()].filter((path) => holds(placed, path)),
      ),
    }))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));

  // What travels in the file that runs goes before what lies beside it.
  const facts = [
    ...declared,
    ...(single?.facts ?? []),
    ...ofWhole,
    ...(isDataset ? ofDataset(surveyed) : []),
    ...(parts ? [aboutImage(parts.attributes)] : []),
  ];
  const subject = modelItem({
    ref: ref('artifact'),
    name: artifact.name,
    path: '.',
    ancestorRef: (key) => ref('ancestor', key),
    datasetRef: datasets.refOf,
    facts,
  });
  const runtime = single ? runtimeOf(subject, '.', things.find) : [];
  return {
    ...subject,
    ...(parts ? { ancestors: [...subject.ancestors, ...parts.ancestors] } : {}),
    type: subjectType(surveyed, facts, single !== undefined),
    items: [...nested, ...kept, ...taken(files, listed(files, surveyed)), ...(parts?.layers ?? [])],
    dependsOn: [
      ...new Set([
        ...models.map((model) => model.ref),
        ...kept.map((dataset) => dataset.ref),
        ...things.roots,
        ...runtime,
      ]),
    ],
    artifact: {
      ...(artifact.whole ? { whole: artifact.whole } : {}),
      ...(artifact.image ? { image: digestsOf(artifact.image) } : {}),
      excluded: artifact.excluded,
    },
    problems: [
      ...artifact.problems.filter((problem) => !sizes.has(problem.path)),
      ...surveyed.checked.problems.filter((problem) => !sizes.has(problem.path)),
      ...subject.problems,
      ...(single ? completenessOf(single, sizes) : []),
    ],
    findings: artifact.findings.filter((found) => !sizes.has(found.path)),
  };
}

/** What the places where an image was found say of it. */
function aboutImage(attributes: Fact['attributes']): Fact {
  return { about: { kind: 'directory', path: '.' }, type: 'container', attributes, relations: [] };
}

function digestsOf({ manifest, config }: CollectedImage): ImageDigests {
  return { ...(manifest ? { manifest: manifest.digest } : {}), config: config.digest };
}

/**
 * Of an image those files about which there is something to say, and what lies beside weights: it has tens of thousands,
 * and its own digests.
 */
function listed(files: ReadonlyMap<string, Item>, { artifact, groups }: Survey): string[] {
  const paths = [...files.keys()];
  if (artifact.whole) return paths;
  const directories = new Set(groups.flatMap((group) => group.paths.map(directoryOf)));
  return paths.filter((path) => {
    if (directories.has(directoryOf(path))) return true;
    const item = files.get(path);
    if (!item) return false;
    const said = item.attributes.some(({ name }) => !alwaysThere.has(name));
    return said || item.problems.length > 0 || item.findings.length > 0;
  });
}

const alwaysThere = new Set(['mlbom:file:examined']);

function isOfModel({ type }: Fact): boolean {
  return type === 'machine-learning-model';
}

/** One model, and nothing beside it that is a thing of its own. */
function isOneModel({ groups, datasets, things, artifact }: Survey, ofSubject: readonly Fact[]): boolean {
  if (artifact.image?.kind === 'image') return false;
  const [group, ...others] = groups;
  if (!group || others.length > 0) return false;
  if (things.items.some(({ places }) => places.length > 0)) return false;
  const describedAtTop = ofSubject.some(
    ({ about, type }) =>
      type === 'machine-learning-model' && about.kind === 'directory' && about.path === '.',
  );
  const directory = describedAtTop ? '.' : directoryOfGroup(group);
  return (
    directory === '.' ||
    (datasets.every(({ path }) => isWithin(path, directory)) && artifact.files.length > 0)
  );
}

/** A description at the top is about everything. */
function isWhole({ kind, path }: PlacedDataset): boolean {
  return kind === 'data' && path === '.';
}

/** Several things under one roof: a system, whatever its parts are. */
function needsNesting({ groups, datasets, things }: Survey): boolean {
  return things.items.some(({ places }) => places.length > 0) || (groups.length > 0 && datasets.length > 0);
}

function ofDataset({ datasets }: Survey): readonly Fact[] {
  return datasets.find(isWhole)?.facts ?? [];
}

/** Several models, each held against the card of the whole unless it has a description of its own. */
function nestedModels(
  groups: readonly WeightsGroup[],
  described: ReadonlyMap<WeightsGroup, readonly Fact[]>,
  whole: readonly Fact[],
  surveyed: Survey,
  datasets: Datasets,
): Item[] {
  const models = groups.map((group) => nestedModel(group, described.get(group) ?? [], surveyed, datasets));
  const conflicts = againstWhole(
    models.filter((_, index) => !isDescribed(groups[index], described)),
    whole,
  );
  return models.map((single, index) => {
    const group = groups[index];
    const model = withBasesHere(single, models, groups);
    const bases = group && !isDescribed(group, described) ? basesAgainst(group.facts, whole) : [];
    return withConflicts(model, [...(conflicts.get(model) ?? []), ...bases], pathOfModel(group));
  });
}

/** A base that lies here under the name of its directory is needed: an adapter is nothing without it. */
function withBasesHere(model: Item, models: readonly Item[], groups: readonly WeightsGroup[]): Item {
  const refs = model.ancestors.flatMap(({ to }) => {
    const short = nameOf(to.name).toLowerCase();
    const [found, ...others] = models.filter(
      (each, index) =>
        each.ref !== model.ref && nameOf(directoryOf(pathOfModel(groups[index]))).toLowerCase() === short,
    );
    return found && others.length === 0 ? [found.ref] : [];
  });
  return refs.length === 0
    ? model
    : { ...model, dependsOn: [...new Set([...model.dependsOn, ...refs])].sort() };
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

function nestedModel(
  group: WeightsGroup,
  described: readonly Fact[],
  { ref, things }: Survey,
  datasets: Datasets,
): Item {
  const path = pathOfModel(group);
  const name =
    nameOf(path).replace(/(?:-\d{5}-of-\d{5})?\.(?:safetensors\.index\.json|[^.]*)$/, '') || nameOf(path);
  const item = modelItem({
    ref: ref('model', path),
    name,
    path,
    // A base that several models share is described at each of them.
    ancestorRef: (key) => ref('ancestor', path, key),
    datasetRef: datasets.refOf,
    facts: [...group.facts, ...described],
  });
  return { ...item, dependsOn: runtimeOf(item, path, things.find) };
}

/** The first path that its facts are about: no other group has a fact about it. */
function pathOfModel(group: WeightsGroup | undefined): string {
  const [first] = group?.facts ?? [];
  return first ? pathOf(first) : '.';
}

function subjectType(surveyed: Survey, facts: readonly Fact[], isSingle: boolean): Item['type'] {
  if (surveyed.artifact.image?.kind === 'image') return 'container';
  return isSingle || !needsNesting(surveyed) ? typeOf(facts) : systemType(facts);
}

function typeOf(facts: readonly Fact[]): Item['type'] {
  if (facts.some((fact) => fact.type === 'machine-learning-model')) return 'machine-learning-model';
  return facts.some((fact) => fact.type === 'data') ? 'data' : 'application';
}

/** A system is a model only when somebody declares that it is. */
function systemType(facts: readonly Fact[]): Item['type'] {
  const declared = facts.filter(({ attributes }) =>
    attributes.some(({ evidence }) => evidence.by === 'declaration'),
  );
  return declared.length > 0 ? typeOf(declared) : 'application';
}

/** Moves the items of these paths out of the map. */
function taken(files: Map<string, Item>, paths: readonly string[]): Item[] {
  return paths.flatMap((path) => {
    const item = files.get(path);
    files.delete(path);
    return item ? [item] : [];
  });
}
