import type { ComponentType } from './component-type.ts';
import type { Digest } from './digest.ts';
import type { Excluded } from './entry.ts';
import type { Attribute, BaseRelation, Target } from './fact.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import type { Problem } from './problem.ts';
import type { Run } from './run.ts';

/** Statements about one attribute that do not agree; all of them are kept. */
export interface Conflict {
  readonly attribute: string;
  readonly statements: readonly { readonly value: string; readonly evidence: Evidence }[];
}

/** One thing in the picture: an artifact, a model in it, a file, a dataset, a framework. */
export interface Item {
  /** Unique in the inventory and stable over runs; becomes the `bom-ref`. */
  readonly ref: string;
  readonly type: ComponentType;
  /** One attribute a name for single values; lists are united. */
  readonly attributes: readonly Attribute[];
  readonly conflicts: readonly Conflict[];
  /** Nested, sorted. */
  readonly items: readonly Item[];
  readonly ancestors: readonly Ancestor[];
  /** Refs of `data` items that a model was trained or evaluated on. */
  readonly datasets: readonly string[];
  /** Refs of items that this one needs. */
  readonly dependsOn: readonly string[];
  readonly file?: FileItem;
  readonly artifact?: ArtifactItem;
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  /** Where it lies in its artifact: a package's directory. */
  readonly places: readonly string[];
}

/**
 * What the manifest says of an item that is a file. A file in the merged layers of an image that is no weights has no
 * chunk root: the image's own digests cover it.
 */
export interface FileItem
  extends
    Pick<ManifestFile, 'path' | 'size' | 'sha256'>,
    Partial<Pick<ManifestFile, 'chunkSize' | 'chunkRoot'>> {
  readonly tensorRoot?: string;
  readonly link?: string;
  /** DiffID of the layer that it comes from, `sha256:…`, in an image. */
  readonly introducedBy?: string;
  /** Claims of the place that the bytes were found to keep. */
  readonly kept: readonly string[];
}

/** What is known of an item that is a whole source: its files as one, the digests of an image, or both. */
export interface ArtifactItem {
  readonly whole?: WholeArtifact;
  readonly image?: ImageDigests;
  readonly excluded: readonly Excluded[];
}

/** All files of an artifact as one thing. */
export interface WholeArtifact {
  /** The artifact digest. */
  readonly digest: string;
  readonly omsRoot: string;
  readonly manifest: Manifest;
}

/** The digests that name an image; there is no manifest in what `docker save` wrote without one. */
export interface ImageDigests {
  readonly manifest?: Digest;
  readonly config: Digest;
}

export interface Ancestor {
  readonly ref: string;
  readonly how: BaseRelation | 'base-image';
  readonly to: Target;
  readonly evidence: readonly Evidence[];
  /** What else is known of it. */
  readonly attributes?: readonly Attribute[];
}

/** Everything that was found, reconciled and linked: what a BOM is assembled from. */
export interface Inventory {
  /** What the BOM is about. */
  readonly subject: Item;
  /** Things beside the subject: datasets, frameworks, devices. */
  readonly items: readonly Item[];
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  readonly runs: readonly PlacedRun[];
  readonly examinations: readonly Examination[];
}

/** A run whose ends are in the picture, where they are. */
export interface PlacedRun {
  readonly run: Run;
  /** The ref of what came out. */
  readonly output: string;
  /** Refs of the inputs that are in the picture, in the order of the run's inputs. */
  readonly inputs: readonly (string | undefined)[];
}

/** Who looked for dangerous content, and in how many files. */
export interface Examination {
  readonly collector: string;
  readonly version: number;
  readonly files: number;
  /** Ids, sorted. */
  readonly rules: readonly string[];
}
