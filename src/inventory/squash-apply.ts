import type { LayerEntry, LayerReading, LayerResult } from '../core/layer.ts';
import { limits } from '../core/limits.ts';
import { contradiction, incomplete, type Problem } from '../core/problem.ts';
import type { LayerChanges } from './collected-image.ts';
import { movedReading } from './squash-moved.ts';
import {
  nodeIn,
  pathOf,
  type FileContent,
  type FollowOptions,
  type Tree,
  type TreeNode,
} from './squash-tree.ts';

/** Applies layers to a tree, and keeps what came of it. */
export interface LayerApplier {
  /** @param index the layers' own, one higher with each call */
  apply(layer: LayerResult, index: number): LayerChanges;
  /** To be told of everything that leaves the tree, and of what has its name then. */
  count(removed: TreeNode, successor: TreeNode | undefined): void;
  /** Files that are a file of a lower layer under another name. */
  readonly hardLinks: readonly { readonly node: TreeNode; readonly target: TreeNode }[];
  /** Readings of what is no name in their layer. */
  readonly unplaced: readonly { readonly reading: LayerReading; readonly layer: number }[];
  readonly problems: readonly Problem[];
}

/** `onPlaced` hears of each file and link, and of the file in whose place it comes. */
export function layerApplier(
  tree: Tree,
  onPlaced: (node: TreeNode, before: TreeNode | undefined) => void,
): LayerApplier {
  const hardLinks: { node: TreeNode; target: TreeNode }[] = [];
  const unplaced: { reading: LayerReading; layer: number }[] = [];
  const problems: Problem[] = [];
  let counts = { added: 0, replaced: 0, removed: 0 };
  /** Files that the layer that is applied took away itself. */
  let lost: TreeNode[] = [];
  /** Characters that paths grew by on their way through links. */
  let grown = 0;

  function apply(layer: LayerResult, index: number): LayerChanges {
    counts = { added: 0, replaced: 0, removed: 0 };
    const found: Problem[] = [];
    const readings = new Map(layer.readings.map((reading) => [reading.path, reading]));
    let own: ReadonlySet<string> | undefined;
    const options: FollowOptions = {
      layer: index,
      makes: false,
      isOwn: (path) => (own ??= directoriesOf(layer)).has(path),
    };
    const lower = targetsBelow(layer, options);
    removeFor(layer, options);
    let names: ReadonlySet<string> | undefined;
    const isNamed = (path: string): boolean => (names ??= namesOf(layer)).has(path);
    // Directories replace links when their turn comes: names before them still go through the link.
    const parentOf = parents({ layer: index, makes: true }, isNamed, found);
    for (const entry of layer.entries) {
      const reading = readings.get(entry.path);
      readings.delete(entry.path);
      add(entry, reading, index, parentOf, lower, found);
    }
    for (const reading of readings.values()) unplaced.push({ reading, layer: index });
    for (const node of lost) {
      const reason = `layer ${index} has it, and replaces it itself`;
      found.push(incomplete('layer-replaces-own', pathOf(node), reason));
    }
    lost = [];
    problems.push(...capped(found));
    return { ...counts, whiteouts: layer.whiteouts.length, opaque: layer.opaque.length };
  }

  /** What whiteouts and opaque directories name is looked up in the layers below, before any of it is gone. */
  function removeFor(layer: LayerResult, options: FollowOptions): void {
    const opaque = layer.opaque.flatMap((path) => find(path, options) ?? []);
    const whiteouts = layer.whiteouts.flatMap((path) => nodeAt(path, options) ?? []);
    for (const node of opaque) {
      if (node.removedBy !== undefined) continue;
      for (const child of node.children?.values() ?? []) tree.remove(child, options.layer);
    }
    for (const node of whiteouts) if (node.removedBy === undefined) tree.remove(node, options.layer);
  }

  function find(path: string, options: FollowOptions): TreeNode | undefined {
    const parts = partsOf(path);
    return parts && tree.directory(parts, options).node;
  }

  /** What has this name; a link is itself. */
  function nodeAt(path: string, options: FollowOptions): TreeNode | undefined {
    const parts = partsOf(path);
    const name = parts?.pop();
    return parts && name !== undefined ? tree.directory(parts, options).node?.children?.get(name) : undefined;
  }

  /** The files of lower layers that hard links of the layer lead to, whatever the layer removes of them. */
  function targetsBelow(layer: LayerResult, options: FollowOptions): ReadonlyMap<LayerEntry, TreeNode> {
    const targets = new Map<LayerEntry, TreeNode>();
    for (const entry of layer.entries) {
      if (entry.type !== 'hard-link' || entry.sha256 !== undefined) continue;
      const target = targetOf(entry, options);
      if (target) targets.set(entry, target);
    }
    return targets;
  }

  /** The directories that paths lie in; an archive has one after the other, so that the last one is remembered. */
  function parents(
    options: FollowOptions,
    isNamed: (path: string) => boolean,
    found: Problem[],
  ): (path: string) => TreeNode | undefined {
    const told = new Set<TreeNode>();
    let last: { path: string; node: TreeNode; changes: number } | undefined;
    return (path) => {
      if (last?.path === path && last.changes === tree.changes()) {
        return isShortEnough(last.node, path) ? last.node : literally(path);
      }
      const parts = partsOf(path);
      if (!parts) return undefined;
      const { node, tooFar, through, instead } = tree.directory(parts, options);
      if (through && !told.has(through)) {
        told.add(through);
        const link = pathOf(through);
        const reason = `is a link to ${through.link ?? ''} in layer ${through.layer}, and layer ${options.layer} has names below it: some readers follow the link, others put a directory in its place`;
        found.push(contradiction('layer-parent-link', link, reason));
        if (isNamed(link)) {
          const late = `layer ${options.layer} has names below this link before it replaces it; where they are is not sure`;
          found.push(incomplete('layer-order', link, late));
        }
      }
      if (instead) {
        const reason = `is no directory in layer ${instead.layer}, and layer ${options.layer} has names below it`;
        found.push(contradiction('layer-parent-file', pathOf(instead), reason));
      }
      if (tooFar || !node || !isShortEnough(node, path)) return literally(path);
      last = { path, node, changes: tree.changes() };
      return node;
    };

    /** Where nobody can follow the links, the names are not lost. */
    function literally(path: string): TreeNode | undefined {
      const reason = `its way through links in layer ${options.layer} is endless or too long; its names are taken as they stand`;
      found.push(contradiction('layer-link-loop', path, reason));
      return tree.directory(partsOf(path) ?? [], { ...options, literally: true }).node;
    }
  }

  /** A short name for a long path, used often, would make more text than all layers have. */
  function isShortEnough(node: TreeNode, path: string): boolean {
    if (node.length > path.length) grown += node.length - path.length;
    return grown <= limits.linkParts;
  }

  function add(
    entry: LayerEntry,
    reading: LayerReading | undefined,
    layer: number,
    parentOf: (path: string) => TreeNode | undefined,
    lower: ReadonlyMap<LayerEntry, TreeNode>,
    found: Problem[],
  ): void {
    const path = entry.path;
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (path === '' || path === '.') return;
    const parent = isName(name) ? parentOf(slash < 0 ? '' : path.slice(0, slash)) : undefined;
    if (!parent) {
      found.push(incomplete('layer-path', path, `layer ${layer} has a name that is no place in the image`));
      return;
    }
    const before = parent.children?.get(name);
    if (entry.type === 'directory') {
      if (!before?.children) tree.put(nodeIn(parent, name, layer, { children: new Map() }), layer);
      return;
    }
    const target =
      entry.type === 'hard-link' ? (lower.get(entry) ?? targetOf(entry, { layer, makes: false })) : undefined;
    const content = contentOf(entry, target);
    const link = entry.type === 'link' ? entry.link : target?.link;
    const node = nodeIn(parent, name, layer, {
      ...(content ? { content } : {}),
      ...(link === undefined ? {} : { link }),
      // Under its real name, so that it can be held against what other layers say of the same file.
      ...(reading ? { reading: movedReading(reading, pathUnder(parent, name)) } : {}),
    });
    tree.put(node, layer);
    if (target && entry.sha256 === undefined) hardLinks.push({ node, target });
    else if (entry.type === 'hard-link' && !content) {
      const reason = `is a hard link to ${entry.link ?? 'nothing'}, which is not there`;
      found.push(incomplete('hard-link-missing', path, reason));
    }
    if (content && !before?.content) counts.added++;
    onPlaced(node, before?.content ? before : undefined);
  }

  /** Within the root, and `..` is what it is there. */
  function targetOf({ link = '' }: LayerEntry, options: FollowOptions): TreeNode | undefined {
    const parts = link.split('/').filter((part) => part !== '');
    const name = parts.pop() ?? '';
    return tree.directory(parts, options).node?.children?.get(name);
  }

  return {
    apply,
    count(removed, successor) {
      if (!removed.content) return;
      if (removed.layer === removed.removedBy) lost.push(removed);
      if (!successor?.content) counts.removed++;
      else if (removed.layer < successor.layer) counts.replaced++;
    },
    hardLinks,
    unplaced,
    problems,
  };
}

/** What a hard link does not say itself, the file says that it leads to. */
function contentOf(entry: LayerEntry, target: TreeNode | undefined): FileContent | undefined {
  const { type, size, sha256, chunkSize, chunkRoot } = entry;
  if (type !== 'file' && type !== 'hard-link') return undefined;
  if (target?.content && (sha256 === undefined || sha256 === target.content.sha256)) return target.content;
  if (sha256 === undefined) return undefined;
  return {
    size,
    sha256,
    ...(chunkSize === undefined ? {} : { chunkSize }),
    ...(chunkRoot === undefined ? {} : { chunkRoot }),
  };
}

function directoriesOf({ entries }: LayerResult): ReadonlySet<string> {
  return new Set(entries.flatMap(({ type, path }) => (type === 'directory' ? [path] : [])));
}

function namesOf({ entries }: LayerResult): ReadonlySet<string> {
  return new Set(entries.map(({ path }) => path));
}

/** The names of a path; nothing for one that would leave the root. */
function partsOf(path: string): string[] | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts;
}

function pathUnder(parent: TreeNode, name: string): string {
  return parent.parent ? `${pathOf(parent)}/${name}` : name;
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..';
}

/** Problems that are listed of one kind; the rest is counted in the last one. */
const most = 100;

/** The problems, of each code the first ones. */
export function capped(problems: readonly Problem[]): Problem[] {
  const numbers = new Map<string, number>();
  for (const { code } of problems) numbers.set(code, (numbers.get(code) ?? 0) + 1);
  const listed = new Map<string, number>();
  return problems.flatMap((problem) => {
    const { code, reason } = problem;
    const number = (listed.get(code) ?? 0) + 1;
    listed.set(code, number);
    const more = (numbers.get(code) ?? 0) - most;
    if (number > most) return [];
    return [number === most && more > 0 ? { ...problem, reason: `${reason}; and ${more} more` } : problem];
  });
}
