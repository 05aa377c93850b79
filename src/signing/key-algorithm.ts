import type { KeyObject } from 'node:crypto';
import { MlbomError } from '../core/errors.ts';

/** The kinds of keys that sign and verify, each with one hash and one form of signature. */
export const keyAlgorithms = ['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'ed25519'] as const;

export type KeyAlgorithm = (typeof keyAlgorithms)[number];

export interface KeyAlgorithmTraits {
  /** OpenSSL's name of the curve; absent for Ed25519, whose curve is its own. */
  readonly curve?: string;
  /** The hash that is signed; `null` for Ed25519, which hashes by itself (RFC 8032). */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
}

/** The hash follows the curve, as in OpenSSF Model Signing and in Sigstore's algorithm registry. */
export const keyAlgorithmTraits: Readonly<Record<KeyAlgorithm, KeyAlgorithmTraits>> = {
  'ecdsa-p256': { curve: 'prime256v1', hash: 'sha256' },
  'ecdsa-p384': { curve: 'secp384r1', hash: 'sha384' },
  'ecdsa-p521': { curve: 'secp521r1', hash: 'sha512' },
  ed25519: { hash: null },
};

/**
 * What kind of key this is.
 * OpenSSL names a curve that is spelled out only when every parameter, the generator too, is that of a named one, so
 * that a curve made to fit a stranger's key (CVE-2020-0601) has no name here.
 * @throws MlbomError `E_KEY` for RSA, DSA, other curves, Ed448 and symmetric keys
 */
export function keyAlgorithmOf(key: KeyObject, subject = 'key'): KeyAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  const curve = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : undefined;
  const algorithm = keyAlgorithms.find((name) => keyAlgorithmTraits[name].curve === curve);
  if (curve !== undefined && algorithm !== undefined) return algorithm;
  const kind = [key.asymmetricKeyType ?? key.type, curve].filter(Boolean).join(' ');
  throw new MlbomError('E_KEY', `${subject}: keys of the kind ${kind} are not supported`, {
    subject,
    next: `use one of ${keyAlgorithms.join(', ')}; \`mlbom keygen\` makes them`,
  });
}
