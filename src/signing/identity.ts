import type { KeyAlgorithm } from './key-algorithm.ts';

/** Somebody who is known by nothing but a key. */
export interface KeyIdentity {
  readonly kind: 'key';
  readonly algorithm: KeyAlgorithm;
  /** SHA-256 of the key as DER (SubjectPublicKeyInfo), in lower-case hexadecimal. */
  readonly fingerprint: string;
  /** SHA-256 of the key as PEM text, in lower-case hexadecimal: what OpenSSF Model Signing puts in a bundle. */
  readonly hint: string;
}

/** Who signs, and who was found to have signed. */
export type Identity = KeyIdentity;
