import type { Fact } from '../core/fact.ts';
import { directoryOf, isWithin } from '../core/path.ts';
import type { CollectedArtifact } from './collected-artifact.ts';
import { checkFileLists, type ListsChecked } from './file-lists.ts';
import { groupWeights, type WeightsGroup } from './group-weights.ts';
import { placedDatasets, type PlacedDataset } from './placed-datasets.ts';
import type { RefMaker } from './refs.ts';
import { thingsOf, type Things } from './things.ts';
import { withDistro } from './with-distro.ts';

/** What lies in one artifact, before it is linked with what others say. */
export interface Survey {
  readonly artifact: CollectedArtifact;
  readonly ref: RefMaker;
  /** Bytes of each file, by path. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly groups: readonly WeightsGroup[];
  readonly datasets: readonly (PlacedDataset & { readonly ref: string })[];
  readonly things: Things;
  readonly checked: ListsChecked;
  /** Facts, without what packages bring along to describe nothing but themselves. */
  readonly facts: readonly Fact[];
}

/** Finds the models, datasets and packages of one artifact, and holds the lists of installed files against it. */
export function survey(collected: CollectedArtifact, ref: RefMaker): Survey {
  const artifact = { ...collected, facts: withDistro(collected.facts) };
  const sizes = new Map(artifact.files.map((file) => [file.path, file.size]));
  const checked = checkFileLists(artifact.lists, new Map(artifact.files.map((file) => [file.path, file])));
  const groups = groupWeights(artifact.facts, sizes);
  return {
    artifact,
    ref,
    sizes,
    groups,
    datasets: placedDatasets(artifact.facts).map((placed) => ({
      ...placed,
      ref: ref(placed.kind, placed.path),
    })),
    things: thingsOf({ facts: artifact.facts, ref, attributes: checked.attributes }),
    checked,
    facts: withoutPackageFiles(artifact.facts, groups),
  };
}

/** A `config.json` inside an installed package describes the system only where the package holds a model. */
function withoutPackageFiles(facts: readonly Fact[], groups: readonly WeightsGroup[]): readonly Fact[] {
  const environments = facts.flatMap(({ about, type }) =>
    about.kind === 'component' && type === 'platform' && about.path !== undefined ? [about.path] : [],
  );
  if (environments.length === 0) return facts;
  const weights = groups.flatMap(({ paths }) => paths.map(directoryOf));
  return facts.filter(
    ({ about }) =>
      about.kind !== 'directory' ||
      !environments.some((environment) => environment !== '.' && isWithin(about.path, environment)) ||
      weights.some((directory) => isWithin(directory, about.path)),
  );
}
