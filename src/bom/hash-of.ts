import type { Hash } from '../core/bom.ts';
import type { Digest } from '../core/digest.ts';

/** CycloneDX's names of digests. */
const names: Partial<Record<Digest['algorithm'], string>> = {
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
  blake3: 'BLAKE3',
  sha1: 'SHA-1',
  md5: 'MD5',
};

/** The digest as CycloneDX writes it; nothing for one that it has no name for. */
export function hashOf({ algorithm, hex }: Digest): Hash[] {
  const alg = names[algorithm];
  return alg === undefined ? [] : [{ alg, content: hex }];
}
