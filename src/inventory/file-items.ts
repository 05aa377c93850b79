import type { Attribute, Fact } from '../core/fact.ts';
import { groupBy } from '../core/group-by.ts';
import type { Item } from '../core/inventory.ts';
import type { CollectedArtifact } from './collected-artifact.ts';
import { emptyItem } from './empty-item.ts';
import type { RefMaker } from './refs.ts';

/** Every file of the artifact as an item, by path; its own problems with it. */
export function fileItems(artifact: CollectedArtifact, ref: RefMaker): Map<string, Item> {
  const mimeTypes = new Map<string, Attribute>();
  for (const fact of artifact.facts) {
    const mimeType = isAboutFile(fact) && fact.attributes.find(({ name }) => name === 'mimeType');
    if (mimeType) mimeTypes.set(fact.about.path, mimeType);
  }
  const problems = groupBy(artifact.problems, ({ path }) => path);
  return new Map(
    artifact.files.map((file) => {
      const mimeType = mimeTypes.get(file.path);
      const item: Item = {
        ...emptyItem(ref('file', file.path), 'file'),
        attributes: mimeType ? [mimeType] : [],
        problems: problems.get(file.path) ?? [],
        file,
      };
      return [file.path, item];
    }),
  );
}

function isAboutFile(fact: Fact): fact is Fact & { about: { kind: 'file' | 'weights'; path: string } } {
  return fact.about.kind === 'file' || fact.about.kind === 'weights';
}
