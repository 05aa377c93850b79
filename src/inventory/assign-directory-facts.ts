import type { Fact } from '../core/fact.ts';
import { groupBy } from '../core/group-by.ts';
import { directoryOf, isWithin } from '../core/path.ts';
import type { WeightsGroup } from './group-weights.ts';

/**
 * Which facts about directories describe which model.
 * A single model is described by all of them. Of several, each is described by those of the nearest directory that
 * has any, short of the root: what stands at the root describes the whole.
 */
export function assignDirectoryFacts(
  groups: readonly WeightsGroup[],
  facts: readonly Fact[],
): { ofSubject: readonly Fact[]; ofGroup: ReadonlyMap<WeightsGroup, readonly Fact[]> } {
  const byDirectory = groupBy(facts, ({ about }) => (about.kind === 'directory' ? about.path : undefined));
  if (groups.length < 2) return { ofSubject: rootFirst(byDirectory), ofGroup: new Map() };

  const ofGroup = new Map<WeightsGroup, readonly Fact[]>();
  const taken = new Set<string>(['.']);
  for (const group of groups) {
    const nearest = nearestWithFacts(directoryOfGroup(group), byDirectory);
    if (nearest === undefined) continue;
    taken.add(nearest);
    ofGroup.set(group, byDirectory.get(nearest) ?? []);
  }
  // A directory that describes no weights (a tokenizer of its own) still says something about the whole.
  for (const directory of byDirectory.keys()) {
    if (directory !== '.' && taken.has(directory)) byDirectory.delete(directory);
  }
  return { ofSubject: rootFirst(byDirectory), ofGroup };
}

function rootFirst(byDirectory: ReadonlyMap<string, readonly Fact[]>): readonly Fact[] {
  return [...byDirectory]
    .sort(([a], [b]) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))
    .flatMap(([, facts]) => facts);
}

function nearestWithFacts(directory: string, byDirectory: ReadonlyMap<string, unknown>): string | undefined {
  for (let at = directory; at !== '.'; at = directoryOf(at)) if (byDirectory.has(at)) return at;
  return undefined;
}

/** The innermost directory that all files of the group lie in. */
export function directoryOfGroup(group: WeightsGroup): string {
  let common = directoryOf(group.paths[0] ?? '');
  for (const path of group.paths) while (!isWithin(path, common)) common = directoryOf(common);
  return common;
}
