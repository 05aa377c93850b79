import type { Digest } from '../../core/digest.ts';
import type { Descriptor, ImageStore } from '../../core/image.ts';
import type { Pause } from '../../core/pause.ts';
import type { Credentials } from './credentials.ts';

/** Credentials for a repository of a registry, or none: `findCredentials`, for example. */
export type CredentialSource = (registry: string, repository: string) => Promise<Credentials | undefined>;

export interface RegistryOptions {
  /** Asked at most once, after the registry has asked. */
  readonly credentials?: CredentialSource | undefined;
  /** True: http. False: https. Undefined: http for this machine's own addresses and https for all others. */
  readonly plainHttp?: boolean | undefined;
  /** Ends every request. */
  readonly signal?: AbortSignal | undefined;
  readonly userAgent: string;
  /** Milliseconds without a byte; `limits.networkTimeout` when absent. */
  readonly timeout?: number | undefined;
  /** How to wait between attempts. */
  readonly pause?: Pause | undefined;
}

/** A manifest or an index, its bytes verified against `digest`. */
export interface RegistryManifest {
  readonly bytes: Uint8Array;
  /** What the registry says it is; where that says nothing, what the document says. */
  readonly mediaType: string;
  readonly digest: Digest;
}

export interface PushedManifest {
  readonly digest: Digest;
  /** `OCI-Subject`: the registry says that it will list the manifest as a referrer. Believe `hasReferrersApi` more. */
  readonly subject?: string;
  readonly etag?: string;
}

/** One repository of a registry (OCI distribution-spec 1.1; Docker's Registry HTTP API V2). */
export interface RegistryClient extends ImageStore {
  readonly kind: 'registry';
  readonly repository: string;
  /**
   * A manifest or an index by tag or by digest.
   * @throws MlbomError `E_NOT_FOUND`; `E_DIGEST` when the bytes are others than the digest, or the registry's own header,
   * says; `E_LIMIT`, `E_UNREACHABLE`
   */
  manifest(reference: string | Digest, signal?: AbortSignal): Promise<RegistryManifest>;
  /** As `manifest`, with what `putManifest` wants in `ifMatch`. */
  manifestWithEtag(
    reference: string | Digest,
    signal?: AbortSignal,
  ): Promise<RegistryManifest & { readonly etag?: string }>;
  /**
   * Manifests with this subject: from the referrers API or, where there is none, from the index under the tag
   * `sha256-<hex>`; and those under cosign's tags `.sig`, `.att` and `.sbom`, unless one artifact type is asked for.
   * Nothing here is verified: the manifest has to be read, and its subject compared.
   * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_DIGEST`, `E_UNREACHABLE`
   */
  referrers(digest: Digest, signal?: AbortSignal, artifactType?: string): Promise<readonly Descriptor[]>;
  /** True when the registry has the referrers API, whatever its other answers say. */
  hasReferrersApi(digest: Digest, signal?: AbortSignal): Promise<boolean>;
  /** Uploads a blob unless the registry has it. @throws MlbomError `E_DIGEST` when it stored something else */
  putBlob(bytes: Uint8Array, digest: Digest, signal?: AbortSignal): Promise<void>;
  /**
   * Uploads a manifest under a tag, or under its digest alone.
   * @param options `ifMatch`: the etag that the tag's present manifest must have; not every registry heeds it
   * @throws MlbomError `E_UNREACHABLE` with rule `changed-meanwhile` when it has another; `E_DIGEST`
   */
  putManifest(
    reference: string | Digest,
    bytes: Uint8Array,
    mediaType: string,
    options?: { readonly ifMatch?: string | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<PushedManifest>;
}
