import type { Digest } from '../core/digest.ts';
import type { Platform } from '../core/image.ts';
import type { LayerCodec } from '../core/layer.ts';
import type { BaseStatement } from './base-image.ts';

/** What was found of an image beside its files. */
export interface CollectedImage {
  /** A root file system made of layers, or files that a registry keeps one by one. */
  readonly kind: 'image' | 'model-artifact';
  /** `modelpack`, `ollama`, …, for a model artifact. */
  readonly scheme?: string;
  readonly manifest?: { readonly digest: Digest; readonly mediaType: string; readonly artifactType?: string };
  readonly config: { readonly digest: Digest; readonly mediaType: string };
  readonly indexes: readonly Digest[];
  /** `registry.example.org/team/app` */
  readonly repository?: string;
  readonly tags: readonly string[];
  readonly platform?: Platform;
  /** Lowest first. */
  readonly layers: readonly CollectedLayer[];
  readonly bases: readonly BaseStatement[];
  readonly attached: readonly AttachedReference[];
  /** Of the merged layers. */
  readonly files: number;
  readonly bytes: number;
  /** Canonical JSON, a line each, for the properties that an auditor reads. */
  readonly hidden: readonly string[];
  readonly removed: readonly string[];
}

/** One layer, once it was read. */
export interface CollectedLayer {
  readonly index: number;
  readonly diffId?: Digest;
  /** As the registry or the layout keeps it. */
  readonly digest?: Digest;
  readonly mediaType?: string;
  /** The name that a model artifact gives it. */
  readonly title?: string;
  readonly size?: number;
  readonly unpackedSize?: number;
  readonly codec?: LayerCodec;
  readonly createdBy?: string;
  readonly created?: string;
  readonly verification: 'content' | 'cached' | 'claimed';
  readonly changes?: LayerChanges;
  /** Directories of which it shows nothing that lies below it. */
  readonly opaque: readonly string[];
}

export interface LayerChanges {
  readonly added: number;
  readonly replaced: number;
  readonly removed: number;
  readonly whiteouts: number;
  readonly opaque: number;
}

/** A document that lies beside the image: a BOM, a signature, an attestation. */
export interface AttachedReference {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly predicateType?: string;
  /** How it was found: `referrer`, `tag`, `index`. */
  readonly how: string;
}
