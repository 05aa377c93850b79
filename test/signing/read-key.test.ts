import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../src/core/errors.ts';
import { generateKeyPair } from '../../src/signing/generate-key-pair.ts';
import { der, derInteger, derTags } from '../../src/signing/der.ts';
import { keyAlgorithms } from '../../src/signing/key-algorithm.ts';
import { readPrivateKey, readPublicKey } from '../../src/signing/read-key.ts';
import { newKeys } from './bundles.ts';

const password = 'correct horse battery';

function pem(label: string, bytes: Uint8Array): string {
  const body = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

describe.each(keyAlgorithms)('a pair made for %s', (algorithm) => {
  it('is read back, plain', async () => {
    const { privateKeyPem, publicKey } = await generateKeyPair({ algorithm });
    expect(readPublicKey(publicKey.pem)).toMatchObject({ algorithm, fingerprint: publicKey.fingerprint });
    expect(publicKey.pem).toContain('BEGIN PUBLIC KEY');
    expect(privateKeyPem).toContain('BEGIN PRIVATE KEY');
    expect((await readPrivateKey(privateKeyPem)).asymmetricKeyType).toBe(
      algorithm === 'ed25519' ? 'ed25519' : 'ec',
    );
  });
});

describe('an encrypted private key', () => {
  const pair = generateKeyPair({ password });

  it('opens with its password, given or asked for', async () => {
    const { privateKeyPem } = await pair;
    expect(privateKeyPem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    await expect(readPrivateKey(privateKeyPem, { password })).resolves.toMatchObject({ type: 'private' });
    const asked = readPrivateKey(privateKeyPem, { password: () => Promise.resolve(password) });
    await expect(asked).resolves.toMatchObject({ type: 'private' });
  });

  it.each([['not-it-8301'], [''], [undefined]])(
    'does not open with the password %j, which no error repeats',
    async (given) => {
      const { privateKeyPem } = await pair;
      const error: unknown = await readPrivateKey(
        privateKeyPem,
        given === undefined ? {} : { password: given },
      ).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'E_KEY', next: expect.any(String) as string });
      expect(inspect(error)).not.toMatch(/not-it-8301|BEGIN|correct horse/);
      expect(error).not.toHaveProperty('cause');
    },
  );

  it('is refused before the password is asked for when its derivation would take very long', async () => {
    const never = (): Promise<string> => Promise.reject(new Error('asked'));
    const oid = (hex: string): Buffer => der(derTags.oid, Buffer.from(hex, 'hex'));
    const sequence = (...parts: Buffer[]): Buffer => der(derTags.sequence, ...parts);
    const encrypted = (kdf: Buffer): string =>
      pem(
        'ENCRYPTED PRIVATE KEY',
        sequence(
          sequence(oid('2a864886f70d01050d'), sequence(kdf, sequence())),
          der(derTags.octets, Buffer.alloc(16)),
        ),
      );
    const salt = der(derTags.octets, Buffer.alloc(16));
    const huge = der(derTags.integer, Buffer.from('7fffffffffffffff', 'hex'));
    const pbkdf2 = (rounds: Buffer): string =>
      encrypted(sequence(oid('2a864886f70d01050c'), sequence(salt, rounds)));
    const scrypt = (...costs: number[]): string =>
      encrypted(sequence(oid('2b06010401da47040b'), sequence(salt, ...costs.map(derInteger))));
    for (const key of [pbkdf2(derInteger(10_000_001)), pbkdf2(huge), scrypt(16_384, 8, 32_768)]) {
      await expect(readPrivateKey(key, { password: never })).rejects.toMatchObject({ code: 'E_LIMIT' });
    }
  });

  it('with a byte flipped anywhere is refused, or is another key, in bounded time', async () => {
    const { privateKeyPem } = await generateKeyPair({ algorithm: 'ed25519', password });
    const bytes = Buffer.from(privateKeyPem.replace(/-----[^-]+-----/g, ''), 'base64');
    // The header, where the structure is; the encrypted part is the cipher's business.
    for (let at = 0; at < 24; at++) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 0x80;
      const reading = readPrivateKey(pem('ENCRYPTED PRIVATE KEY', copy), { password });
      await expect(reading, `byte ${at}`).rejects.toSatisfy(isMlbomError);
    }
  });
});

describe('what is no private key that mlbom uses', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { privateKey } = newKeys();
  const sec1 = privateKey.export({ type: 'sec1', format: 'pem' }).toString();

  it.each<[string, string]>([
    ['a public key', newKeys().publicKey.pem],
    ['a certificate', pem('CERTIFICATE', Buffer.alloc(8))],
    ['a key that only cosign reads', pem('ENCRYPTED SIGSTORE PRIVATE KEY', Buffer.from('{}'))],
    ['the same of older cosign', pem('ENCRYPTED COSIGN PRIVATE KEY', Buffer.from('{}'))],
    ['an OpenSSH key', pem('OPENSSH PRIVATE KEY', Buffer.alloc(8))],
    ['an RSA key', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['an RSA key in PKCS#1', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    [
      'another curve',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ],
    ['Ed448', generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    [
      'a key for encryption',
      generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
    [
      'a SEC1 key encrypted in the old way',
      sec1.replace('\n', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n'),
    ],
    ['two keys', sec1 + sec1],
    ['no PEM', 'hello'],
    ['nothing', ''],
    ['a block that does not end', sec1.slice(0, -20)],
    ['a block that is not base64', pem('PRIVATE KEY', Buffer.alloc(8)).replace('AAAA', 'A*AA')],
    ['an unknown block', pem('SOMETHING', Buffer.alloc(8))],
  ])('is refused: %s', async (_, file) => {
    await expect(readPrivateKey(file)).rejects.toMatchObject({ code: 'E_KEY' });
  });

  it('is refused when it is too large for a key', async () => {
    await expect(readPrivateKey(Buffer.alloc(65_537))).rejects.toMatchObject({ code: 'E_LIMIT' });
  });

  it('is refused when cut off or random, with a typed error', async () => {
    const key = privateKey.export({ type: 'pkcs8', format: 'der' });
    for (let length = 0; length < key.length; length++) {
      await expect(readPrivateKey(pem('PRIVATE KEY', key.subarray(0, length)))).rejects.toMatchObject({
        code: 'E_KEY',
      });
    }
    const labels = fc.constantFrom('PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY');
    await fc.assert(
      fc.asyncProperty(labels, fc.uint8Array({ maxLength: 200 }), async (label, bytes) => {
        await expect(readPrivateKey(pem(label, bytes), { password: 'x' })).rejects.toSatisfy(isMlbomError);
      }),
    );
  });

  it('is refused when it is nothing but beginnings of blocks', async () => {
    const file = '-----BEGIN PRIVATE KEY-----\n'.repeat(2_000);
    await expect(readPrivateKey(file)).rejects.toMatchObject({ code: 'E_KEY' });
  });
});

describe('a public key', () => {
  it('keeps its names whatever stands around it in its file', () => {
    const { publicKey } = newKeys('ecdsa-p384');
    const file = `Public Key Information:\r\n\tCurve: 384\r\n${publicKey.pem.replace(/\n/g, '\r\n')}`;
    expect(readPublicKey(file)).toMatchObject({ hint: publicKey.hint, fingerprint: publicKey.fingerprint });
    expect(publicKey.hint).toBe(createHash('sha256').update(publicKey.pem).digest('hex'));
  });

  it('keeps its names when its curve is spelled out', () => {
    const spelledOut = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      paramEncoding: 'explicit',
    }).publicKey;
    const read = readPublicKey(spelledOut.export({ type: 'spki', format: 'pem' }).toString());
    const named = createPublicKey({ key: spelledOut.export({ format: 'jwk' }), format: 'jwk' });
    expect(read.pem).toBe(named.export({ type: 'spki', format: 'pem' }));
    expect(read.pem.length).toBeLessThan(200);
  });

  it.each([
    ['a private key', newKeys().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['a certificate', pem('CERTIFICATE', Buffer.alloc(8))],
    [
      'an RSA key',
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
    ],
    ['random bytes', pem('PUBLIC KEY', Buffer.alloc(80, 7))],
  ])('is not %s', (_, file) => {
    expect(() => readPublicKey(file)).toThrow(expect.objectContaining({ code: 'E_KEY' }));
  });
});

describe('generateKeyPair', () => {
  it('refuses an empty password instead of encrypting with it', async () => {
    await expect(generateKeyPair({ password: '' })).rejects.toMatchObject({ code: 'E_USAGE' });
    await expect(generateKeyPair({ password: 'x'.repeat(1025) })).rejects.toMatchObject({ code: 'E_LIMIT' });
  });
});
