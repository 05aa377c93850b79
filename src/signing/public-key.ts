import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { sha256 } from '../core/digest.ts';
import type { KeyIdentity } from './identity.ts';
import { keyAlgorithmOf } from './key-algorithm.ts';

/** A public key with its names. */
export interface PublicKey extends KeyIdentity {
  readonly key: KeyObject;
  /** SubjectPublicKeyInfo in PEM, as OpenSSL writes it: 64 columns, one newline at the end. */
  readonly pem: string;
}

/**
 * The public half of a key, named. The names are those of the key itself: the way a file was written (a preamble, a
 * compressed point, a curve spelled out by its parameters) does not change them, since JWK has one form for each key.
 * @throws MlbomError `E_KEY` for a kind of key that is not supported
 */
export function publicKeyOf(anyHalf: KeyObject, subject?: string): PublicKey {
  const algorithm = keyAlgorithmOf(anyHalf, subject);
  const half = anyHalf.type === 'public' ? anyHalf : createPublicKey(anyHalf);
  const key = createPublicKey({ key: half.export({ format: 'jwk' }), format: 'jwk' });
  const pem = key.export({ type: 'spki', format: 'pem' }).toString();
  const fingerprint = sha256(key.export({ type: 'spki', format: 'der' }));
  return { kind: 'key', algorithm, fingerprint, hint: sha256(pem), key, pem };
}

/** The names alone, as plain data. */
export function identityOf({ kind, algorithm, fingerprint, hint }: PublicKey): KeyIdentity {
  return { kind, algorithm, fingerprint, hint };
}

/**
 * True when a bundle's hint names this key in one of the forms that are in use:
 * SHA-256 of the PEM text in hexadecimal (OpenSSF Model Signing, mlbom), of the DER in hexadecimal, or in base64 (cosign).
 */
export function isNamedBy(key: PublicKey, hint: string): boolean {
  return [key.hint, key.fingerprint, Buffer.from(key.fingerprint, 'hex').toString('base64')].includes(hint);
}
