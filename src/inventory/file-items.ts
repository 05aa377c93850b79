import { attribute, type Attribute, type Fact } from '../core/fact.ts';
import { groupBy } from '../core/group-by.ts';
import type { Item } from '../core/inventory.ts';
import type { CollectedArtifact } from './collected-artifact.ts';
import { emptyItem } from './empty-item.ts';
import type { ListsChecked } from './file-lists.ts';
import { reconcile } from './reconcile.ts';
import type { RefMaker } from './refs.ts';

/** Every file of the artifact as an item, by path; its own problems and findings with it. */
export function fileItems(
  artifact: CollectedArtifact,
  checked: Pick<ListsChecked, 'findings' | 'problems'>,
  ref: RefMaker,
): Map<string, Item> {
  const stated = groupBy(artifact.facts.filter(isAboutFile), ({ about }) => about.path);
  const problems = groupBy([...artifact.problems, ...checked.problems], ({ path }) => path);
  const found = groupBy([...artifact.findings, ...checked.findings], ({ path }) => path);
  return new Map(
    artifact.files.map((file) => {
      const item: Item = {
        ...emptyItem(ref('file', file.path), 'file'),
        attributes: [...attributesOf(stated.get(file.path) ?? []), ...examinedBy(file.path, artifact)],
        problems: problems.get(file.path) ?? [],
        findings: found.get(file.path) ?? [],
        file,
      };
      return [file.path, item];
    }),
  );
}

type FileFact = Fact & { readonly about: { readonly kind: 'file' | 'weights'; readonly path: string } };

function isAboutFile(fact: Fact): fact is FileFact {
  return fact.about.kind === 'file' || fact.about.kind === 'weights';
}

/** What is stated of the file itself; of weights, all but the media type is stated of the model. */
function attributesOf(facts: readonly FileFact[]): readonly Attribute[] {
  if (facts.length === 0) return [];
  const own = facts.flatMap(({ about, attributes }) =>
    about.kind === 'file' ? attributes : attributes.filter(({ name }) => name === 'mimeType'),
  );
  // The file says itself which layer it comes from.
  return reconcile(own.filter(({ name }) => name !== 'mlbom:oci:introduced-by')).attributes;
}

function examinedBy(path: string, { examined }: CollectedArtifact): Attribute[] {
  return (examined.get(path) ?? []).map((by) =>
    attribute('mlbom:file:examined', by, { basis: 'observed', source: path, by: 'inventory' }),
  );
}
