import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';
import { keyAlgorithmTraits } from './key-algorithm.ts';
import { encryptPrivateKey } from './key-encryption.ts';
import { publicKeyOf } from './public-key.ts';
import type { PublicKey } from './public-key.ts';

export interface KeyPair {
  /** PKCS#8 in PEM; encrypted when there is a password. A secret. */
  readonly privateKeyPem: string;
  readonly publicKey: PublicKey;
}

export interface KeyPairOptions {
  /** ECDSA P-256 when absent: every verifier of Sigstore bundles takes it. */
  algorithm?: KeyAlgorithm;
  password?: string;
}

/**
 * Makes a new key pair. With a password the private key is encrypted as `encryptPrivateKey` says.
 * @throws MlbomError `E_USAGE` for an empty password, `E_LIMIT` for one that is too long
 */
export async function generateKeyPair(options: KeyPairOptions = {}): Promise<KeyPair> {
  assertPassword(options.password);
  const { privateKey, publicKey } = generateKeys(options.algorithm ?? 'ecdsa-p256');
  return { privateKeyPem: await privatePem(privateKey, options.password), publicKey: publicKeyOf(publicKey) };
}

function assertPassword(password: string | undefined): void {
  if (password === undefined) return;
  if (password === '')
    throw new MlbomError('E_USAGE', 'the password is empty', { next: 'leave it out, or set one' });
  if (Buffer.byteLength(password) <= limits.keyPasswordBytes) return;
  throw new MlbomError('E_LIMIT', `the password is longer than ${limits.keyPasswordBytes} bytes`);
}

function generateKeys(algorithm: KeyAlgorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  const { curve } = keyAlgorithmTraits[algorithm];
  return curve === undefined
    ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('ec', { namedCurve: curve });
}

async function privatePem(key: KeyObject, password: string | undefined): Promise<string> {
  if (password === undefined) return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const encrypted = await encryptPrivateKey(key.export({ type: 'pkcs8', format: 'der' }), password);
  const lines = encrypted.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN ENCRYPTED PRIVATE KEY-----', ...lines, '-----END ENCRYPTED PRIVATE KEY-----', ''].join(
    '\n',
  );
}
