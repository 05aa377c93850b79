import { createHash } from 'node:crypto';

/** Digest algorithms by in-toto's names. `git-blob-sha1` is Git's object name: SHA-1 over `blob <length>\0<bytes>`. */
export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512' | 'blake3' | 'sha1' | 'md5' | 'git-blob-sha1';

const hexLengths: Record<DigestAlgorithm, number> = {
  sha256: 64,
  sha384: 96,
  sha512: 128,
  blake3: 64,
  sha1: 40,
  md5: 32,
  'git-blob-sha1': 40,
};

/** A digest and the algorithm that made it; `hex` is lower case and of the algorithm's length. */
export interface Digest {
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

/** SHA-256 of bytes, as 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The SHA-256 of bytes. */
export function sha256Digest(bytes: Uint8Array | string): Digest {
  return { algorithm: 'sha256', hex: sha256(bytes) };
}

export function isSameDigest(a: Digest, b: Digest): boolean {
  return a.algorithm === b.algorithm && a.hex === b.hex;
}

/** True when `hex` has the form that `algorithm` gives. */
export function isHexOf(algorithm: DigestAlgorithm, hex: string): boolean {
  return hex.length === hexLengths[algorithm] && /^[0-9a-f]+$/.test(hex);
}

/** `sha256:<hex>` */
export function formatDigest(digest: Digest): string {
  return `${digest.algorithm}:${digest.hex}`;
}
