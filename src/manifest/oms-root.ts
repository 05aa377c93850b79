import { createHash } from 'node:crypto';
import type { Manifest } from '../core/manifest.ts';
import { compareCodePoints } from '../core/order.ts';

/**
 * The root digest of OpenSSF Model Signing for the same files, in hex: SHA-256 over the concatenated raw SHA-256
 * digests. The order is by path components (`a/b` before `a-b`), as the reference implementation sorts, not by the
 * whole path, as its specification v1.0 says; signatures in the wild follow the implementation.
 */
export function omsRoot(manifest: Manifest): string {
  const files = manifest.files.map(({ path, sha256 }) => ({ parts: path.split('/'), sha256 }));
  files.sort((a, b) => compareParts(a.parts, b.parts));
  const hash = createHash('sha256');
  for (const { sha256 } of files) hash.update(sha256, 'hex');
  return hash.digest('hex');
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareCodePoints(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
