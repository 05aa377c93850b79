import { access } from 'node:fs/promises';
import { MlbomError } from '../core/errors.ts';
import { generateKeyPair } from '../signing/generate-key-pair.ts';
import type { Identity } from '../signing/identity.ts';
import type { KeyAlgorithm } from '../signing/key-algorithm.ts';
import { identityOf } from '../signing/public-key.ts';
import { writeAtomically } from './write-atomically.ts';

export interface KeygenOptions {
  /** Files `<prefix>.key` and `<prefix>.pub` are written. */
  readonly prefix: string;
  readonly algorithm?: KeyAlgorithm | undefined;
  /** Encrypts the private key. */
  readonly password?: string | undefined;
}

export interface Keygen {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly identity: Identity;
}

/**
 * Makes a key pair and writes it, the private key readable by its owner alone. Nothing is overwritten.
 * @throws MlbomError `E_USAGE` when one of the files exists, `E_UNWRITABLE`
 */
export async function keygen({ prefix, algorithm, password }: KeygenOptions): Promise<Keygen> {
  const privateKey = `${prefix}.key`;
  const publicKey = `${prefix}.pub`;
  for (const path of [privateKey, publicKey]) await refuseExisting(path);
  const pair = await generateKeyPair({
    ...(algorithm ? { algorithm } : {}),
    ...(password === undefined ? {} : { password }),
  });
  await writeAtomically(privateKey, pair.privateKeyPem, 0o600);
  await writeAtomically(publicKey, pair.publicKey.pem, 0o644);
  return { privateKey, publicKey, identity: identityOf(pair.publicKey) };
}

async function refuseExisting(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  throw new MlbomError('E_USAGE', `${path} exists`, {
    subject: path,
    next: 'choose another --output-key-prefix',
  });
}
