import { createCipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { der, derInteger, derNumber, derTags, readDer } from './der.ts';
import type { DerElement } from './der.ts';

/** OWASP's number for PBKDF2-HMAC-SHA256 (2023). Node's own export always takes OpenSSL's default of 2,048. */
const rounds = 600_000;

const oids = {
  pbes2: '2a864886f70d01050d',
  pbkdf2: '2a864886f70d01050c',
  scrypt: '2b06010401da47040b',
  hmacWithSha256: '2a864886f70d0209',
  aes256Cbc: '60864801650304012a',
} as const;

/**
 * Encrypts a private key: PKCS#8 `EncryptedPrivateKeyInfo` (RFC 5958) by PBES2 (RFC 8018) with PBKDF2-HMAC-SHA256,
 * 600,000 rounds, and AES-256-CBC; every reader of encrypted PKCS#8 takes that.
 * @param privateKey PKCS#8 in DER
 */
export async function encryptPrivateKey(privateKey: Uint8Array, password: string): Promise<Buffer> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const secret = await promisify(pbkdf2)(password, salt, rounds, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', secret, iv);
  const derivation = sequence(
    oid('pbkdf2'),
    sequence(octets(salt), derInteger(rounds), sequence(oid('hmacWithSha256'), der(derTags.null))),
  );
  const encryption = sequence(oid('aes256Cbc'), octets(iv));
  return sequence(
    sequence(oid('pbes2'), sequence(derivation, encryption)),
    octets(Buffer.concat([cipher.update(privateKey), cipher.final()])),
  );
}

/**
 * Refuses an encrypted key whose password would take very long to try: the cost stands in the file.
 * @throws MlbomError `E_LIMIT` for too high a cost, `E_KEY` for PKCS#5 v1 and PKCS#12 encryption and unknown derivations,
 *   `E_MALFORMED` for what is not `EncryptedPrivateKeyInfo`
 */
export function assertAffordable(encryptedKey: Uint8Array, subject: string): void {
  const [scheme, parameters] = inside(inside(readDer(encryptedKey)[0])[0]);
  const [name, settings] = isOid(scheme, 'pbes2') ? inside(inside(parameters)[0]) : [];
  const cost = derivationCost(name, inside(settings).slice(1).map(derNumber));
  if (cost === undefined) {
    throw new MlbomError('E_KEY', `${subject}: encrypted in a way that is not supported`, {
      subject,
      next: 'convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW',
    });
  }
  if (cost.value <= cost.limit) return;
  throw new MlbomError(
    'E_LIMIT',
    `${subject}: its password derivation costs more than the limit of ${cost.limit}`,
    {
      subject,
      rule: 'key-derivation',
    },
  );
}

/** PBKDF2's parameters after the salt begin with the rounds (RFC 8018); scrypt's are N, r and p (RFC 7914). */
function derivationCost(
  name: DerElement | undefined,
  [first = Infinity, second = Infinity, third = Infinity]: readonly (number | undefined)[],
): { value: number; limit: number } | undefined {
  if (isOid(name, 'pbkdf2')) return { value: first, limit: limits.keyDerivationRounds };
  if (isOid(name, 'scrypt')) return { value: first * second * third, limit: limits.keyScryptCost };
  return undefined;
}

function sequence(...content: Uint8Array[]): Buffer {
  return der(derTags.sequence, ...content);
}

function octets(bytes: Uint8Array): Buffer {
  return der(derTags.octets, bytes);
}

function oid(name: keyof typeof oids): Buffer {
  return der(derTags.oid, Buffer.from(oids[name], 'hex'));
}

function isOid(element: DerElement | undefined, name: keyof typeof oids): boolean {
  return element?.tag === derTags.oid && Buffer.from(element.content).toString('hex') === oids[name];
}

function inside(element: DerElement | undefined): DerElement[] {
  return element?.tag === derTags.sequence ? readDer(element.content) : [];
}
