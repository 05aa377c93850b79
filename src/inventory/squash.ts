import { formatDigest } from '../core/digest.ts';
import { attribute, type Fact } from '../core/fact.ts';
import type { Finding } from '../core/finding.ts';
import type { LayerReading, LayerResult } from '../core/layer.ts';
import { limits } from '../core/limits.ts';
import { compareCodePoints } from '../core/order.ts';
import { incomplete, type Problem } from '../core/problem.ts';
import { atLeast } from '../core/severity.ts';
import type { LayerChanges } from './collected-image.ts';
import { capped, layerApplier } from './squash-apply.ts';
import {
  addVersion,
  originsOf,
  removedPackages,
  statesComponents,
  type History,
  type RemovedPackage,
} from './squash-origins.ts';
import { makeTree, namesIn, pathOf, type Tree, type TreeNode } from './squash-tree.ts';

/** A file that the image shows. */
export interface SquashedFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly chunkSize?: number;
  readonly chunkRoot?: string;
  /** The target of a symbolic link that leads to the file; size and digest are the file's. */
  readonly link?: string;
  /** The layer that it comes from, lowest first, from 0. */
  readonly layer: number;
}

/** What was read of a file that the image shows. */
export interface SquashedReading extends LayerReading {
  readonly layer: number;
}

/** Weights, or content with grave findings, that a layer carries and the image does not show. */
export interface HiddenContent {
  readonly path: string;
  readonly layer: number;
  readonly sha256: string;
  readonly size: number;
  /** The layer that removed or replaced it. */
  readonly removedBy: number;
  readonly isWeights: boolean;
  /** High and critical ones. */
  readonly findings: readonly Finding[];
}

/** The layers of an image as the one file system that a container sees. */
export interface Squashed {
  /** Sorted by path. Symbolic links are among them where they lead to a file. */
  readonly files: readonly SquashedFile[];
  /** In the order of their paths. Facts about components, weights and files name the layer that introduced them. */
  readonly readings: readonly SquashedReading[];
  readonly hidden: readonly HiddenContent[];
  readonly removed: readonly RemovedPackage[];
  /** Of each layer, lowest first. */
  readonly changes: readonly LayerChanges[];
  /** Names over which readers of the layers differ, and what could not be placed. */
  readonly problems: readonly Problem[];
}

/**
 * Applies layers, the lowest first, one on another (OCI image-spec 1.1, layer.md): of each layer opaque directories
 * first, then whiteouts, then what it adds. Only what is read of files that remain counts.
 * @throws MlbomError `E_LIMIT` (`image-names`)
 */
export function squash(layers: readonly LayerResult[]): Squashed {
  const histories = new Map<string, History>();
  const historyOf = new Map<TreeNode, History>();
  const gone: TreeNode[] = [];
  /** Links that were read as the files that they led to in their layer: the Hub's cache gives files their names so. */
  const read = new Map<TreeNode, TreeNode | undefined>();
  const linked: TreeNode[] = [];
  const tree = makeTree((node, layer, successor) => {
    const history = historyOf.get(node);
    if (history && !successor?.content) addVersion(history, layer, undefined);
    applier.count(node, successor);
    if (node.reading && isGrave(node.reading)) gone.push(node);
  });
  const applier = layerApplier(tree, (node, before) => {
    const facts = node.reading?.facts ?? [];
    if (node.link !== undefined && node.reading) linked.push(node);
    const stated = before ? historyOf.get(before) : undefined;
    if (!node.content || (!stated && !statesComponents(facts))) return;
    const path = pathOf(node);
    const history = stated ?? histories.get(path) ?? { versions: [] };
    histories.set(path, history);
    historyOf.set(node, history);
    addVersion(history, node.layer, facts);
  });
  const changes = layers.map((layer, index) => {
    const done = applier.apply(layer, index);
    for (const node of linked.splice(0)) read.set(node, targetOf(node, tree));
    return done;
  });

  const files: SquashedFile[] = [];
  const readings: SquashedReading[] = [];
  for (const { path, node } of namesIn(tree.root, compareCodePoints)) {
    const { link, layer } = node;
    const { content } = (link === undefined ? node : targetOf(node, tree)) ?? {};
    if (content) files.push({ path, ...content, ...(link === undefined ? {} : { link }), layer });
    if (!node.reading) continue;
    if (read.get(node) && read.get(node)?.content?.sha256 !== content?.sha256) {
      // The link is still there, and what was read through it is not.
      if (isGrave(node.reading)) gone.push(node);
      continue;
    }
    const history = historyOf.get(node);
    const originOf = history ? originsOf(history) : (): number => layer;
    readings.push(attributed(node.reading, layer, layers, originOf));
  }
  // What is said of no name in the layer cannot be hidden by another one.
  for (const { reading, layer } of applier.unplaced) readings.push({ ...reading, layer });
  return {
    files,
    readings,
    hidden: hiddenIn(gone, read, files),
    removed: removedPackages(
      histories.values(),
      readings.flatMap(({ facts }) => facts),
    ),
    changes,
    problems: [...applier.problems, ...capped(unexamined(applier.hardLinks))],
  };
}

/** What a link leads to within the image, through all links. */
function targetOf(link: TreeNode, tree: Tree): TreeNode | undefined {
  let at: TreeNode | undefined = link;
  for (let links = 0; at?.link !== undefined; links++) {
    if (links > limits.linksPerPath) return undefined;
    const target: string[] = at.link.split('/');
    const name: string = target.pop() ?? '';
    const start: string[] = at.link.startsWith('/') ? [] : pathOf(at).split('/').slice(0, -1);
    const { node } = tree.directory([...start, ...target], { layer: at.layer, makes: false });
    at = node?.children?.get(name);
  }
  return at;
}

/** The reading, with the layer that introduced what its facts are about. */
function attributed(
  reading: LayerReading,
  layer: number,
  layers: readonly LayerResult[],
  originOf: (fact: Fact) => number | undefined,
): SquashedReading {
  const facts = reading.facts.map((fact): Fact => {
    const origin = fact.about.kind === 'component' ? originOf(fact) : layer;
    const from = origin === undefined ? undefined : layers[origin];
    // What is said of a directory or a list of parts is about things that come from several layers.
    if (!from || fact.about.kind === 'directory' || fact.about.kind === 'index') return fact;
    const evidence = {
      basis: 'derived',
      source: reading.path,
      at: `layer ${origin ?? layer}`,
      by: 'inventory',
    } as const;
    const introduced = attribute('mlbom:oci:introduced-by', formatDigest(from.diffId), evidence);
    return { ...fact, attributes: [...fact.attributes, introduced] };
  });
  return { ...reading, facts, layer };
}

function isGrave({ facts, findings }: LayerReading): boolean {
  return facts.some(({ about }) => about.kind === 'weights') || findings.some(isSevere);
}

function isSevere({ severity }: Finding): boolean {
  return atLeast(severity, 'high');
}

/** What the image shows under another name is not hidden. */
function hiddenIn(
  gone: readonly TreeNode[],
  read: ReadonlyMap<TreeNode, TreeNode | undefined>,
  files: readonly SquashedFile[],
): HiddenContent[] {
  if (gone.length === 0) return [];
  const shown = new Set(files.map(({ sha256 }) => sha256));
  const hidden = gone.flatMap((node): HiddenContent[] => {
    const { reading, layer } = node;
    const target = read.get(node);
    const content = node.content ?? target?.content;
    const removedBy = node.removedBy ?? target?.removedBy;
    if (!content || !reading || removedBy === undefined || shown.has(content.sha256)) return [];
    const { facts, findings } = reading;
    return [
      {
        path: pathOf(node),
        layer,
        sha256: content.sha256,
        size: content.size,
        removedBy,
        isWeights: facts.some(({ about }) => about.kind === 'weights'),
        findings: findings.filter(isSevere),
      },
    ];
  });
  return hidden.sort((a, b) => compareCodePoints(a.path, b.path) || a.layer - b.layer);
}

/** A file of a lower layer was read under the name that it had there; with that name, what was read is gone. */
function unexamined(hardLinks: readonly { readonly node: TreeNode; readonly target: TreeNode }[]): Problem[] {
  return hardLinks.flatMap(({ node, target }) =>
    node.removedBy === undefined && target.removedBy !== undefined && target.reading
      ? [
          incomplete(
            'hard-link-unexamined',
            pathOf(node),
            `is the file ${pathOf(target)} of layer ${target.layer}, which layer ${target.removedBy} hides; what was read of it is not stated`,
          ),
        ]
      : [],
  );
}
