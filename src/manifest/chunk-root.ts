import { sha256 } from '../core/digest.ts';

/**
 * SHA-256 over the concatenated raw SHA-256 digests of the chunks, in hex.
 * In base64 it is the composite `ChecksumSHA256` (without its `-<parts>`) that S3 states for an upload in these parts:
 * Amazon S3 User Guide, "Checking object integrity", composite checksums.
 */
export function chunkRootOf(leaves: Uint8Array): string {
  return sha256(leaves);
}
