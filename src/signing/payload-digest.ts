import { sha256 } from '../core/digest.ts';
import type { Bundle } from './read-bundle.ts';

/**
 * SHA-256 of a bundle's DSSE payload: the name of the statement as it was signed, whoever signs it and how often.
 * `previous` in a replication attestation points to it.
 */
export function payloadDigest(bundle: Bundle): string {
  return sha256(bundle.payload);
}
