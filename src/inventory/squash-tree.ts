import { MlbomError } from '../core/errors.ts';
import type { LayerEntry, LayerReading } from '../core/layer.ts';
import { limits } from '../core/limits.ts';

/** A name in the merged file system. */
export interface TreeNode {
  readonly name: string;
  readonly parent: TreeNode | undefined;
  /** The layer that shows it; of a directory, the first one. */
  readonly layer: number;
  /** Characters of its path. */
  readonly length: number;
  /** Of directories only. */
  readonly children?: Map<string, TreeNode>;
  /** Of files only. */
  readonly content?: FileContent;
  /** Of symbolic links only: where it leads, as it says. */
  readonly link?: string;
  readonly reading?: LayerReading;
  /** The layer that took it out of the file system. */
  removedBy?: number;
}

export type FileContent = Pick<LayerEntry, 'size' | 'chunkSize' | 'chunkRoot'> & { readonly sha256: string };

/** What became of a path on its way through the links of the tree. */
export interface Followed {
  readonly node?: TreeNode;
  /** It has more links, or is longer, than any path may be. */
  readonly tooFar: boolean;
  /** The first link of a lower layer that it went through. */
  readonly through?: TreeNode;
  /** A file of which a directory had to be made. */
  readonly instead?: TreeNode;
}

export interface FollowOptions {
  /** The layer that is applied. */
  readonly layer: number;
  /** Makes the directories that are missing, in place of whatever else has their names. */
  readonly makes: boolean;
  /**
   * True for the path of a directory that the layer brings itself, in place of a link of a lower layer. For what is
   * looked up before the layer's entries.
   */
  readonly isOwn?: (path: string) => boolean;
  /** Links are taken for names. */
  readonly literally?: boolean;
}

/** A file system in memory to which layers are applied. */
export interface Tree {
  readonly root: TreeNode;
  /** The directory that these parts lead to. Parts are names, `.` and `..`; nothing leads out of the root. */
  directory(parts: readonly string[], options: FollowOptions): Followed;
  /** Puts a name into a directory, in place of what had it. @throws MlbomError `E_LIMIT` (`image-names`) */
  put(node: TreeNode, layer: number): void;
  /** Takes a name, and all that lies below it, out of the file system. */
  remove(node: TreeNode, layer: number): void;
  /** Counts up whenever a directory or a link comes or goes, so that a path may lead elsewhere than before. */
  readonly changes: () => number;
}

/** Hears of everything that is taken out, directories left out, and of what has its name then, if anything has. */
export type OnRemoved = (node: TreeNode, layer: number, successor?: TreeNode) => void;

/** An empty file system, with room for so many names. */
export function makeTree(onRemoved: OnRemoved, most: number = limits.imageNames): Tree {
  const root: TreeNode = { name: '', parent: undefined, layer: 0, length: 0, children: new Map() };
  let changes = 0;
  let names = 0;
  /** Of the targets of all links together: a few links of a thousand parts each would make every path expensive. */
  let linkParts = 0;

  function directory(parts: readonly string[], options: FollowOptions): Followed {
    const pending = parts.toReversed();
    let at = root;
    let links = 0;
    let through: TreeNode | undefined;
    let instead: TreeNode | undefined;
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        at = at.parent ?? root;
        continue;
      }
      const next = at.children?.get(part);
      if (next?.children) {
        at = next;
        continue;
      }
      if (next?.link !== undefined && isFollowed(next, options)) {
        if (++links > limits.linksPerPath || linkParts > limits.linkParts) return { tooFar: true };
        const target = next.link.split('/');
        linkParts += target.length;
        if (next.layer < options.layer) through ??= next;
        if (target[0] === '') at = root;
        for (let index = target.length - 1; index >= 0; index--) pending.push(target[index] ?? '');
        continue;
      }
      if (!options.makes) return { tooFar: false };
      if (next && next.link === undefined) instead ??= next;
      const made = nodeIn(at, part, options.layer, { children: new Map() });
      if (made.length > limits.pathLength) return { tooFar: true };
      put(made, options.layer);
      at = made;
    }
    return { node: at, tooFar: false, ...(through ? { through } : {}), ...(instead ? { instead } : {}) };
  }

  function put(node: TreeNode, layer: number): void {
    const siblings = node.parent?.children;
    const there = siblings?.get(node.name);
    if (there) remove(there, layer, node);
    siblings?.set(node.name, node);
    if (++names > most) {
      const message = `layers with more than ${most} names, directories counted`;
      throw new MlbomError('E_LIMIT', message, { rule: 'image-names' });
    }
    if (node.link !== undefined || node.children) changes++;
  }

  function remove(node: TreeNode, layer: number, successor?: TreeNode): void {
    node.parent?.children?.delete(node.name);
    if (node.link !== undefined || node.children) changes++;
    const pending = [node];
    for (let each = pending.pop(); each; each = pending.pop()) {
      each.removedBy = layer;
      names--;
      if (!each.children) onRemoved(each, layer, each === node ? successor : undefined);
      else for (const child of each.children.values()) pending.push(child);
    }
  }

  return { root, directory, put, remove, changes: () => changes };
}

function isFollowed(link: TreeNode, { layer, isOwn, literally = false }: FollowOptions): boolean {
  if (literally) return false;
  return link.layer === layer || isOwn?.(pathOf(link)) !== true;
}

/** A node for a name in a directory, not yet put there. */
export function nodeIn(
  parent: TreeNode,
  name: string,
  layer: number,
  what: Pick<TreeNode, 'children' | 'content' | 'link' | 'reading'>,
): TreeNode {
  const length = parent.length === 0 ? name.length : parent.length + 1 + name.length;
  return { name, parent, layer, length, ...what };
}

/** The path of a node; empty for the root. */
export function pathOf(node: TreeNode): string {
  const names: string[] = [];
  for (let at = node; at.parent; at = at.parent) names.push(at.name);
  return names.reverse().join('/');
}

/** All that lies in the tree, directories left out, in the order of the code points of the paths. */
export function* namesIn(
  root: TreeNode,
  compare: (a: string, b: string) => number,
): Generator<{ readonly path: string; readonly node: TreeNode }> {
  const pending = [{ path: '', node: root }];
  for (let each = pending.pop(); each; each = pending.pop()) {
    if (!each.node.children) {
      yield each;
      continue;
    }
    const { path: above } = each;
    const inside = [...each.node.children.values()]
      .map((node) => ({ key: node.children ? `${node.name}/` : node.name, node }))
      // The last one is taken first.
      .sort((a, b) => compare(b.key, a.key));
    for (const { node } of inside)
      pending.push({ path: above === '' ? node.name : `${above}/${node.name}`, node });
  }
}
