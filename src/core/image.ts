import type { Digest } from './digest.ts';
import type { ByteRange, LocalBytes } from './entry.ts';

/** What content is and which bytes it has (OCI image-spec 1.1, descriptor.md). Its digest is SHA-256 or SHA-512. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly platform?: Platform;
  /** Where content that the place does not keep can be had. Nothing is fetched from there. */
  readonly urls?: readonly string[];
}

/** What an image runs on, in Go's words: `linux`, `arm64`, `v8`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
}

/** The bytes that a place keeps for a descriptor. Nothing of them is verified yet. */
export interface Blob {
  /** Bytes that the place says it has. */
  readonly size: number;
  /** Where they lie on this machine, in one piece. */
  readonly local?: LocalBytes;
  /** All bytes, once, in order. */
  stream(signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Exactly these bytes, where the place gives parts. */
  read?(range: ByteRange, signal?: AbortSignal): Promise<Uint8Array>;
}

/** What the user's reference leads to. */
export type ImageRoot =
  /** A manifest or an index, known by its digest. */
  | {
      readonly kind: 'manifest';
      readonly descriptor: Descriptor;
      /** The descriptor is that of the place's own list, which leads to images and is part of none. */
      readonly isOwnIndex?: true;
      /** Where another list at the place names configurations: the manifest that is chosen has to have one of them. */
      readonly configs?: readonly Digest[];
      /** Other manifests and indexes that lie beside it: bases, signatures, attestations. */
      readonly neighbours: readonly Descriptor[];
    }
  /** What `docker save` wrote before it kept manifests: a configuration and unpacked layers, and no digest of the whole. */
  | { readonly kind: 'saved'; readonly config: Blob; readonly layers: readonly Blob[] };

/** Read access to one place that keeps images: a layout, an archive, a repository of a registry. */
export interface ImageStore {
  readonly kind: 'oci-layout' | 'oci-archive' | 'docker-archive' | 'registry';
  /** Without credentials. */
  readonly uri: string;
  /** A name for what lies here: the last part of the repository, or of the file's name. */
  readonly name: string;
  /** `registry.example.org/team/app`, where the place or the reference says it. */
  readonly repository?: string;
  /** Tags under which the image is known here. */
  readonly tags: readonly string[];
  /** @throws MlbomError `E_USAGE` when the place has several images and none is named; `E_NOT_FOUND` */
  root(signal?: AbortSignal): Promise<ImageRoot>;
  /** @throws MlbomError `E_NOT_FOUND` when the place does not keep it */
  open(descriptor: Descriptor, signal?: AbortSignal): Promise<Blob>;
  /** Manifests whose `subject` is this digest, and those under cosign's tags for it; empty where the place tells none. */
  referrers(digest: Digest, signal?: AbortSignal): Promise<readonly Descriptor[]>;
  /** Removes what was copied to read it. */
  close(): Promise<void>;
}

/** One line of an image's history (OCI image-spec 1.1, config.md). */
export interface HistoryLine {
  readonly createdBy?: string;
  readonly created?: string;
  readonly comment?: string;
  readonly author?: string;
  readonly emptyLayer: boolean;
}

/** The configuration of an image (OCI image-spec 1.1, config.md; Docker's image v1.2), as it was written. */
export interface ImageConfig {
  readonly platform?: Platform;
  readonly created?: string;
  readonly author?: string;
  /** `NAME=value` */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  /** Digests of the unpacked layers, lowest first. */
  readonly diffIds: readonly Digest[];
  readonly history: readonly HistoryLine[];
}

/** One layer of an image at a place, before it is read. */
export interface LayerSource {
  /** As the manifest names it; absent in what `docker save` wrote without one. */
  readonly descriptor?: Descriptor;
  /** The digest of the unpacked layer that the configuration promises; absent in model artifacts. */
  readonly diffId?: Digest;
  readonly history?: HistoryLine;
  open(signal?: AbortSignal): Promise<Blob>;
}

/** An image whose manifest and configuration are read and verified against their digests; its layers are not. */
export interface ResolvedImage {
  readonly store: ImageStore;
  /** Absent in what `docker save` wrote without one. */
  readonly manifest?: ImageManifest;
  /** Digest of the bytes of the configuration: the image's id. */
  readonly config: { readonly digest: Digest; readonly mediaType: string; readonly bytes: Uint8Array };
  /** Read from the configuration when it is an image's; absent for model artifacts. */
  readonly image?: ImageConfig;
  /** Lowest first. */
  readonly layers: readonly LayerSource[];
  /** The indexes that lead to the manifest, outermost first. */
  readonly indexes: readonly Descriptor[];
  /** Manifests beside it in the innermost index and at the place: other images, BuildKit's attestations. */
  readonly neighbours: readonly Descriptor[];
}

/** An image manifest (OCI image-spec 1.1, manifest.md; Docker's schema 2). */
export interface ImageManifest {
  /** Of the exact bytes. */
  readonly descriptor: Descriptor;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly subject?: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}
