import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBom } from '../../../src/bom/write.ts';
import type { Bom } from '../../../src/core/bom.ts';
import { sign } from '../../../src/operations/sign.ts';
import { temporaryDirectory } from '../../cli/mlbom.ts';
import { newKeys, type Keys } from '../../signing/bundles.ts';

/** A key pair in files. */
export interface KeyFiles {
  readonly privateKey: string;
  readonly publicKey: string;
}

export function keyFiles(keys: Keys = newKeys('ed25519')): KeyFiles {
  const directory = temporaryDirectory();
  const [privateKey, publicKey] = [join(directory, 'mlbom.key'), join(directory, 'mlbom.pub')];
  writeFileSync(privateKey, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(publicKey, keys.publicKey.key.export({ type: 'spki', format: 'pem' }));
  return { privateKey, publicKey };
}

export interface SignedFiles {
  /** Path of the BOM; its bundle lies beside it. */
  readonly bom: string;
  /** Path of the public key. */
  readonly key: string;
  readonly bomBytes: Uint8Array;
  readonly bundleBytes: Uint8Array;
}

/** Signs a BOM as users do: through files. */
export async function signBom(bom: Bom, keys: KeyFiles = keyFiles()): Promise<SignedFiles> {
  const path = join(temporaryDirectory(), 'bom.cdx.json');
  writeFileSync(path, writeBom(bom));
  const signed = await sign({ bom: path, key: keys.privateKey, password: () => Promise.resolve('') });
  writeFileSync(`${path}.sigstore.json`, signed.bundle);
  return {
    bom: path,
    key: keys.publicKey,
    bomBytes: signed.bom,
    bundleBytes: Buffer.from(signed.bundle),
  };
}
