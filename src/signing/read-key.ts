import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { MlbomError, isMlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { keyAlgorithmOf } from './key-algorithm.ts';
import { assertAffordable } from './key-encryption.ts';
import { readPem } from './pem.ts';
import type { PemBlock } from './pem.ts';
import { publicKeyOf } from './public-key.ts';
import type { PublicKey } from './public-key.ts';

export interface PrivateKeyOptions {
  /** What is being read, for errors. */
  subject?: string;
  /** Asked for only when the key is encrypted. */
  password?: string | (() => Promise<string>);
}

/**
 * Reads a private key in PEM: PKCS#8, encrypted PKCS#8, or SEC1 (`EC PRIVATE KEY`).
 * No error carries the key, the password or what a library said about them.
 * @throws MlbomError `E_KEY` for what is not such a key, a wrong or missing password, or a kind that is not supported;
 *   `E_LIMIT` for a file that is too large or too costly to decrypt
 */
export async function readPrivateKey(
  file: string | Uint8Array,
  options: PrivateKeyOptions = {},
): Promise<KeyObject> {
  const subject = options.subject ?? 'private key';
  const block = onlyBlock(file, subject);
  switch (block.label) {
    case 'PRIVATE KEY':
      return supported(
        load(() => createPrivateKey({ key: block.bytes(), format: 'der', type: 'pkcs8' }), subject),
      );
    case 'EC PRIVATE KEY':
      if (block.hasHeaders) throw refused(subject, 'encrypted in the old way of OpenSSL', toPkcs8);
      return supported(
        load(() => createPrivateKey({ key: block.bytes(), format: 'der', type: 'sec1' }), subject),
      );
    case 'ENCRYPTED PRIVATE KEY':
      return supported(await decrypt(block, subject, options.password));
    default:
      throw notA('private key', block.label, subject);
  }

  function supported(key: KeyObject): KeyObject {
    keyAlgorithmOf(key, subject);
    return key;
  }
}

/**
 * Reads a public key in PEM: SubjectPublicKeyInfo.
 * @throws MlbomError `E_KEY` for what is not such a key (a private one too), `E_LIMIT` for a file that is too large
 */
export function readPublicKey(file: string | Uint8Array, options: { subject?: string } = {}): PublicKey {
  const subject = options.subject ?? 'public key';
  const block = onlyBlock(file, subject);
  if (block.label !== 'PUBLIC KEY') throw notA('public key', block.label, subject);
  const key = load(() => createPublicKey({ key: block.bytes(), format: 'der', type: 'spki' }), subject);
  return publicKeyOf(key, subject);
}

const toPkcs8 = 'convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW';
const useOther = 'use an ECDSA or Ed25519 key; `mlbom keygen` makes one';
const fromCosign =
  'mlbom reads keys in PKCS#8: make one with `mlbom keygen`; `cosign import-key-pair` gives cosign the same key';

/** What people give in place of a key, what to call it, and what helps. */
const others: Readonly<Record<string, readonly [what: string, next: string]>> = {
  'PUBLIC KEY': ['a public key', 'give the private key that it belongs to'],
  'PRIVATE KEY': ['a private key', 'give its public key: openssl pkey -pubout -in PRIVATE -out PUBLIC'],
  'EC PRIVATE KEY': ['a private key', 'give its public key: openssl pkey -pubout -in PRIVATE -out PUBLIC'],
  'ENCRYPTED PRIVATE KEY': [
    'a private key',
    'give its public key: openssl pkey -pubout -in PRIVATE -out PUBLIC',
  ],
  CERTIFICATE: [
    'a certificate',
    'give the key itself; openssl x509 -pubkey -noout -in CERTIFICATE prints a public one',
  ],
  'RSA PRIVATE KEY': ['an RSA key', useOther],
  'RSA PUBLIC KEY': ['an RSA key', useOther],
  'OPENSSH PRIVATE KEY': ['a key of OpenSSH', 'convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY'],
  'ENCRYPTED COSIGN PRIVATE KEY': ['a key in the form that only cosign reads', fromCosign],
  'ENCRYPTED SIGSTORE PRIVATE KEY': ['a key in the form that only cosign reads', fromCosign],
};

/** OpenSSL writes the curve's parameters before a SEC1 key; the key repeats them. */
function onlyBlock(file: string | Uint8Array, subject: string): PemBlock {
  const [block, second] = readPem(file, subject).filter(({ label }) => label !== 'EC PARAMETERS');
  if (!block) throw refused(subject, 'no key in PEM', 'convert it to PEM: openssl pkey -inform DER');
  if (second)
    throw refused(subject, `several blocks, ${block.label} and ${second.label}`, 'leave only the key');
  return block;
}

async function decrypt(
  block: PemBlock,
  subject: string,
  password: PrivateKeyOptions['password'],
): Promise<KeyObject> {
  const key = block.bytes();
  load(() => {
    assertAffordable(key, subject);
  }, subject);
  if (password === undefined) {
    throw refused(
      subject,
      'encrypted, and there is no password',
      'set MLBOM_KEY_PASSWORD, or run it in a terminal',
    );
  }
  const passphrase = typeof password === 'string' ? password : await password();
  if (Buffer.byteLength(passphrase) > limits.keyPasswordBytes) {
    throw new MlbomError(
      'E_LIMIT',
      `${subject}: its password is longer than ${limits.keyPasswordBytes} bytes`,
    );
  }
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8', passphrase });
  } catch {
    throw refused(subject, 'the password is wrong, or the key is damaged', 'check the password');
  }
}

/** Runs a step of reading; the library's own words stay behind, since they may quote what they read. */
function load<T>(step: () => T, subject: string): T {
  try {
    return step();
  } catch (error) {
    if (isMlbomError(error) && error.code !== 'E_MALFORMED') throw error;
    throw refused(subject, 'the key is damaged, or of a kind that is not supported', useOther);
  }
}

function notA(wanted: string, label: string, subject: string): MlbomError {
  const [what, next] = others[label] ?? [`a PEM block ${label}`, `give a ${wanted} in PEM`];
  return refused(subject, `${what}, not a ${wanted} that can be used`, next);
}

function refused(subject: string, why: string, next: string): MlbomError {
  return new MlbomError('E_KEY', `${subject}: ${why}`, { subject, next });
}
