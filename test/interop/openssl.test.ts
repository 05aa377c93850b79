import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { preAuthEncoding } from '../../src/signing/dsse.ts';
import { generateKeyPair } from '../../src/signing/generate-key-pair.ts';
import { keyAlgorithmTraits, keyAlgorithms } from '../../src/signing/key-algorithm.ts';
import { keySigner } from '../../src/signing/key-signer.ts';
import { readBundle } from '../../src/signing/read-bundle.ts';
import { readPrivateKey, readPublicKey } from '../../src/signing/read-key.ts';
import { signStatement } from '../../src/signing/sign-statement.ts';
import { verifyBundle } from '../../src/signing/verify-bundle.ts';
import { accepted, outcomeOf, predicateType, statement } from '../signing/bundles.ts';
import { openssl as installed } from './peers.ts';

const absent = installed() === undefined;

const directory = mkdtempSync(join(tmpdir(), 'mlbom-openssl-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function at(name: string): string {
  return join(directory, name);
}

function openssl(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8', cwd: directory });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const password = 'a password of the test';
const curves = ['prime256v1', 'secp384r1', 'secp521r1'];

/** Each way to make a key, the file it leaves and whether it has a password. */
const ways: [name: string, make: (file: string) => void][] = [
  ...curves.map((curve): [string, (file: string) => void] => [
    `PKCS#8 ${curve}`,
    (file) => openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', file),
  ]),
  ...curves.map((curve): [string, (file: string) => void] => [
    `SEC1 ${curve} with its parameters`,
    (file) => openssl('ecparam', '-name', curve, '-genkey', '-out', file),
  ]),
  ['PKCS#8 Ed25519', (file) => openssl('genpkey', '-algorithm', 'ed25519', '-out', file)],
  [
    'PKCS#8 encrypted by genpkey',
    (file) =>
      openssl('genpkey', '-algorithm', 'ed25519', '-aes-256-cbc', '-pass', `pass:${password}`, '-out', file),
  ],
  ...[['-v2', 'aes-256-cbc'], ['-scrypt']].map((how): [string, (file: string) => void] => [
    `PKCS#8 encrypted by pkcs8 ${how.join(' ')}`,
    (file) => {
      openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384', '-out', `${file}.plain`);
      openssl(
        'pkcs8',
        '-topk8',
        ...how,
        '-passout',
        `pass:${password}`,
        '-in',
        `${file}.plain`,
        '-out',
        file,
      );
    },
  ]),
];

describe.skipIf(absent)('keys that openssl makes', () => {
  it.each(ways)('%s: sign, and openssl verifies the signature and we the bundle', async (name, make) => {
    const file = at(name.replace(/\W/g, '-'));
    make(file);
    openssl('pkey', '-in', file, '-passin', `pass:${password}`, '-pubout', '-out', `${file}.pub`);
    const publicKey = readPublicKey(readFileSync(`${file}.pub`));
    const text = await signStatement(
      statement,
      keySigner(await readPrivateKey(readFileSync(file), { password })),
    );
    expect(outcomeOf(await verifyBundle(text, { keys: [publicKey] }, { predicateType }))).toBe(accepted);

    const bundle = readBundle(text);
    const { hash } = keyAlgorithmTraits[publicKey.algorithm];
    writeFileSync(`${file}.pae`, preAuthEncoding(bundle.payloadType, bundle.payload));
    writeFileSync(`${file}.sig`, bundle.signature);
    const digest = hash === null ? [] : ['-digest', hash];
    const verify = ['pkeyutl', '-verify', '-rawin', ...digest, '-pubin', '-inkey', `${file}.pub`];
    expect(openssl(...verify, '-in', `${file}.pae`, '-sigfile', `${file}.sig`)).toContain(
      'Verified Successfully',
    );
  });
});

describe.skipIf(absent)('keys that mlbom makes', () => {
  it.each(keyAlgorithms)(
    '%s: openssl opens them, plain and encrypted, and names them alike',
    async (algorithm) => {
      for (const secret of [undefined, password]) {
        const { privateKeyPem, publicKey } = await generateKeyPair({
          algorithm,
          ...(secret !== undefined && { password: secret }),
        });
        writeFileSync(at('ours'), privateKeyPem);
        expect(openssl('pkey', '-in', 'ours', '-passin', `pass:${password}`, '-pubout')).toBe(publicKey.pem);
        writeFileSync(at('ours.pub'), publicKey.pem);
        openssl('pkey', '-pubin', '-in', 'ours.pub', '-outform', 'DER', '-out', 'ours.der');
        expect(openssl('dgst', '-sha256', '-r', 'ours.der')).toContain(publicKey.fingerprint);
      }
    },
  );
});
