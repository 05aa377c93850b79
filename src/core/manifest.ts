/** One file of an artifact: its name and what its bytes are. Digests are lower-case SHA-256. */
export interface ManifestFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** Bytes per chunk; the last one is shorter. */
  readonly chunkSize: number;
  /** SHA-256 over the concatenated raw SHA-256 digests of the chunks: S3's composite SHA-256 for that part size. */
  readonly chunkRoot: string;
}

/** The files of an artifact, sorted by the UTF-8 bytes of their paths, each path once. */
export interface Manifest {
  readonly files: readonly ManifestFile[];
}

/** One tensor in its file: bytes `[offset, offset + length)` of the file. */
export interface TensorRecord {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
  /** SHA-256 of its bytes, where per-tensor digests were asked for. */
  readonly sha256?: string;
}

/** What stands beside a manifest's line and is too large for a BOM; bound to it by `chunkRoot` and `tensorRoot`. */
export interface FileDetail extends ManifestFile {
  /** Raw SHA-256 digests of the chunks, concatenated: 32 bytes each. */
  readonly leaves: Uint8Array;
  /** Sorted by offset. Absent for files that are not weights. */
  readonly tensors?: readonly TensorRecord[];
}
