import type { Item } from '../core/inventory.ts';

/** The ref of the file that a component at `pointer` names by its path, or undefined. */
export type FileFinder = (pointer: string, path: string) => string | undefined;

interface Scope {
  /** Where the artifact stands; what is stated below it is about its files. */
  readonly pointer: string;
  readonly refs: ReadonlyMap<string, string>;
}

/** Finds files by path, so that a citation can point at where a value was read. Two artifacts may have equal paths. */
export function fileFinder(subject: Item): FileFinder {
  const scopes = scopesIn(subject, '/metadata/component');
  return (pointer, path) => {
    const scope = scopes.find((each) => pointer.startsWith(`${each.pointer}/`));
    if (scope) return scope.refs.get(path);
    // Datasets stand beside the artifacts that name them.
    const [only, ...others] = scopes.flatMap((each) => each.refs.get(path) ?? []);
    return others.length === 0 ? only : undefined;
  };
}

function scopesIn(item: Item, pointer: string): Scope[] {
  if (item.artifact) return [{ pointer, refs: refsIn(item) }];
  return item.items.flatMap((nested, index) => scopesIn(nested, `${pointer}/components/${index}`));
}

function refsIn(artifact: Item): Map<string, string> {
  const refs = new Map<string, string>();
  function visit(item: Item): void {
    if (item.file) refs.set(item.file.path, item.ref);
    item.items.forEach(visit);
  }
  visit(artifact);
  return refs;
}
