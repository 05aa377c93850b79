import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeBom } from '../../src/bom/write.ts';
import { sign } from '../../src/operations/sign.ts';
import { generateKeyPair } from '../../src/signing/generate-key-pair.ts';
import type { KeyAlgorithm } from '../../src/signing/key-algorithm.ts';
import { weightFiles, writeModelDirectory } from '../fixtures/model-directory.ts';
import { generated } from './generated.ts';
import { cosign, describeWith, type Peer } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const model = join(directory, 'model');
const bom = join(directory, 'model.cdx.json');

beforeAll(async () => {
  await writeModelDirectory(model);
  writeFileSync(bom, writeBom((await generated(model)).bom));
});

test('a signature has no keyid: cosign skips one that is not the SSH fingerprint of the key', async () => {
  const { bundle } = await signed('ecdsa-p256');
  const { dsseEnvelope } = JSON.parse(bundle) as { dsseEnvelope: { signatures: { keyid?: string }[] } };
  expect(dsseEnvelope.signatures.map(({ keyid = '' }) => keyid)).toEqual(['']);
});

describeWith('cosign', cosign(), (peer) => {
  // Given a public key, cosign 3.1 hashes with SHA-256 whatever the curve is: P-384 and P-521 it cannot verify.
  test.each(['ecdsa-p256', 'ed25519'] as const)(
    'accepts a signed BOM as an attestation of each weight file, with %s',
    async (algorithm) => {
      const { publicKey } = await signed(algorithm);
      for (const file of weightFiles)
        await expect(verify(peer, publicKey, join(model, file))).resolves.toBeDefined();
    },
  );

  test('refuses it for a file that it is not about, and with another key', async () => {
    const { publicKey } = await signed('ecdsa-p256');
    const changed = join(directory, 'changed');
    writeFileSync(changed, 'other weights');
    await expect(verify(peer, publicKey, changed)).rejects.toThrow('verify');
    const stranger = join(directory, 'stranger.pub');
    writeFileSync(stranger, (await generateKeyPair({ algorithm: 'ecdsa-p256' })).publicKey.pem);
    await expect(verify(peer, stranger, join(model, weightFiles[0]))).rejects.toThrow('verify');
  });
});

/** Signs the BOM with a new key, the bundle beside it. */
async function signed(algorithm: KeyAlgorithm): Promise<{ bundle: string; publicKey: string }> {
  const pair = await generateKeyPair({ algorithm });
  const [key, publicKey] = [join(directory, 'signer.key'), join(directory, 'signer.pub')];
  writeFileSync(key, pair.privateKeyPem);
  writeFileSync(publicKey, pair.publicKey.pem);
  const { bundle } = await sign({ bom, key, password: () => Promise.resolve('') });
  writeFileSync(`${bom}.sigstore.json`, bundle);
  return { bundle, publicKey };
}

async function verify(peer: Peer, key: string, file: string): Promise<string> {
  const trust = ['--key', key, '--insecure-ignore-tlog', '--type', 'cyclonedx'];
  return peer.run('verify-blob-attestation', '--bundle', `${bom}.sigstore.json`, ...trust, file);
}
