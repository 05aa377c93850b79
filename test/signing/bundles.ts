import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Check } from '../../src/core/check.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { statementType } from '../../src/core/statement.ts';
import type { Statement } from '../../src/core/statement.ts';
import type { KeyAlgorithm } from '../../src/signing/key-algorithm.ts';
import { keyAlgorithmTraits } from '../../src/signing/key-algorithm.ts';
import { keySigner } from '../../src/signing/key-signer.ts';
import { publicKeyOf } from '../../src/signing/public-key.ts';
import type { PublicKey } from '../../src/signing/public-key.ts';
import { signStatement } from '../../src/signing/sign-statement.ts';

export const predicateType = 'https://example.org/predicate/v1';

export const statement: Statement = {
  _type: statementType,
  subject: [{ name: 'tiny@1.0', digest: { sha256: 'ab'.repeat(32) } }],
  predicateType,
  predicate: { says: 'héllo' },
};

export interface Keys {
  privateKey: KeyObject;
  publicKey: PublicKey;
}

export function newKeys(algorithm: KeyAlgorithm = 'ecdsa-p256'): Keys {
  const { curve } = keyAlgorithmTraits[algorithm];
  const { privateKey, publicKey } =
    curve === undefined ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve });
  return { privateKey, publicKey: publicKeyOf(publicKey) };
}

export function signed(keys: Keys, what: Statement = statement): Promise<string> {
  return signStatement(what, keySigner(keys.privateKey));
}

/** A bundle as a test edits it. */
export interface EditableBundle extends JsonObject {
  mediaType: string;
  verificationMaterial: JsonObject;
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid: string | null }[] };
}

export function edited(text: string, edit: (bundle: EditableBundle) => void): string {
  const bundle = JSON.parse(text) as EditableBundle;
  edit(bundle);
  return JSON.stringify(bundle);
}

export function flipped(base64: string, at: number): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64');
}

/** `bundle:pass signature:fail …`: a verification at a glance. */
export function outcomeOf({ checks }: { checks: readonly Check[] }): string {
  return checks.map(({ id, outcome }) => `${id}:${outcome}`).join(' ');
}

export const accepted = 'bundle:pass signature:pass identity:pass statement:pass';
export const notABundle = 'bundle:fail signature:unknown identity:unknown statement:unknown';
export const badSignature = 'bundle:pass signature:fail identity:unknown statement:unknown';
export const badStatement = 'bundle:pass signature:pass identity:pass statement:fail';
