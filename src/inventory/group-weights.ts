import type { Fact } from '../core/fact.ts';
import { compareCodePoints } from '../core/order.ts';

/** The weights of one model: its parts, the index over them, and the files that hold their data. */
export interface WeightsGroup {
  /** Paths of all files that belong to it, sorted; the first one names the group. */
  readonly paths: readonly string[];
  /** Facts about its weights and indexes, sorted by path. */
  readonly facts: readonly Fact[];
}

/**
 * Brings together what belongs to one model: numbered parts of one set, the shards that an index lists, and files
 * that hold the data of others. `files` are the paths that exist; what is named and missing joins nothing.
 */
export function groupWeights(facts: readonly Fact[], files: { has(path: string): boolean }): WeightsGroup[] {
  const groups = new Groups();
  const members = facts.filter((fact) => fact.about.kind === 'weights' || fact.about.kind === 'index');
  for (const fact of members) {
    const { about } = fact;
    if (about.kind === 'weights') {
      groups.join(about.path, about.part ? setName(about.part.set) : about.path);
    } else if (about.kind === 'index') {
      for (const part of about.parts) if (files.has(part.path)) groups.join(about.path, part.path);
    }
    for (const relation of fact.relations) {
      if (relation.type === 'part' && files.has(relation.path)) groups.join(pathOf(fact), relation.path);
    }
  }
  const byRoot = new Map<string, { paths: Set<string>; facts: Fact[] }>();
  function groupOf(path: string): { paths: Set<string>; facts: Fact[] } {
    const root = groups.root(path);
    let group = byRoot.get(root);
    if (!group) byRoot.set(root, (group = { paths: new Set(), facts: [] }));
    return group;
  }
  for (const path of groups.names()) if (files.has(path)) groupOf(path).paths.add(path);
  for (const fact of members) groupOf(pathOf(fact)).facts.push(fact);
  return [...byRoot.values()]
    .filter((group) => group.facts.length > 0)
    .map(({ paths, facts }) => ({
      paths: [...paths].sort(compareCodePoints),
      facts: facts.sort((a, b) => compareCodePoints(pathOf(a), pathOf(b))),
    }))
    .sort((a, b) => compareCodePoints(a.paths[0] ?? '', b.paths[0] ?? ''));
}

/** No path has a NUL in it, so that no file is taken for a set. */
function setName(set: string): string {
  return `\0${set}`;
}

/** The path that a fact about a file is about. */
export function pathOf(fact: Fact): string {
  return fact.about.kind === 'component' ? '.' : fact.about.path;
}

/** Disjoint sets of names (union-find with path halving). */
class Groups {
  readonly #parent = new Map<string, string>();

  names(): Iterable<string> {
    return this.#parent.keys();
  }

  root(name: string): string {
    let at = name;
    for (;;) {
      const parent = this.#parent.get(at);
      if (parent === undefined) {
        this.#parent.set(at, at);
        return at;
      }
      if (parent === at) return at;
      const grandparent = this.#parent.get(parent) ?? parent;
      this.#parent.set(at, grandparent);
      at = grandparent;
    }
  }

  join(a: string, b: string): void {
    this.#parent.set(this.root(a), this.root(b));
  }
}
