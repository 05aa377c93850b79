import { writeBom } from '../../../src/bom/write.ts';
import type { Bom, Property } from '../../../src/core/bom.ts';
import type { Subject } from '../../../src/core/statement.ts';
import { bomStatement } from '../../../src/signing/bom-statement.ts';
import { keySigner } from '../../../src/signing/key-signer.ts';
import { signStatement } from '../../../src/signing/sign-statement.ts';
import { newKeys } from '../../signing/bundles.ts';

/** Signs the same bytes every time. */
export const keys = newKeys('ed25519');

export interface SignedBomParts {
  /** Digests of the image and of its indexes, as the BOM states them: `sha256:<hex>`. */
  readonly about: readonly string[];
  /** Digests that are signed; those of the BOM when absent. */
  readonly signedAbout?: readonly string[];
  readonly timestamp?: string;
  /** Tells one BOM from another. */
  readonly name?: string;
  readonly signer?: typeof keys;
}

export interface SignedBomFixture {
  readonly bom: Uint8Array;
  readonly bundle: Uint8Array;
}

export async function signedBom(parts: SignedBomParts): Promise<SignedBomFixture> {
  const {
    about,
    signedAbout = about,
    timestamp = '2026-01-01T00:00:00Z',
    name = 'app',
    signer = keys,
  } = parts;
  const properties = about.map((value, at): Property => ({
    name: at === 0 ? 'mlbom:oci:manifest-digest' : 'mlbom:oci:index-digest',
    value,
  }));
  const bom: Bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    metadata: { timestamp, component: { type: 'container', name, properties } },
  };
  const subjects = signedAbout.map((digest): Subject => ({ name, digest: { sha256: digest.slice(7) } }));
  const bundle = await signStatement(bomStatement(bom, subjects), keySigner(signer.privateKey));
  return { bom: Buffer.from(writeBom(bom)), bundle: Buffer.from(bundle) };
}
