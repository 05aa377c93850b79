import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Manifest } from '../core/manifest.ts';
import { lineOf } from './manifest.ts';

/**
 * The bytes that the artifact digest is made of: `{version: 1, files: [{path, size, sha256, chunkSize, chunkRoot}…]}`
 * in canonical form (RFC 8785).
 */
export function canonicalManifest(manifest: Manifest): Uint8Array {
  return Buffer.concat(Array.from(canonicalPieces(manifest), (piece) => Buffer.from(piece, 'utf8')));
}

/** SHA-256 of the canonical manifest, in hex: one value for the names and the bytes of all files. */
export function artifactDigest(manifest: Manifest): string {
  const hash = createHash('sha256');
  for (const piece of canonicalPieces(manifest)) hash.update(piece, 'utf8');
  return hash.digest('hex');
}

/** File by file, because a million files are more text than one string holds. */
function* canonicalPieces(manifest: Manifest): Generator<string> {
  yield '{"files":[';
  for (const [index, file] of manifest.files.entries()) {
    yield `${index > 0 ? ',' : ''}${canonicalJson(lineOf(file))}`;
  }
  yield '],"version":1}';
}
