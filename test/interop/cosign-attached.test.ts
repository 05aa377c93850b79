import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { parseDigest } from '../../src/formats/oci/digest.ts';
import { parseImageReference } from '../../src/formats/oci/image-reference.ts';
import { attach } from '../../src/operations/images/attach.ts';
import { attachedBom } from '../../src/operations/images/verify-attached.ts';
import { verdictOf } from '../../src/core/verdict.ts';
import { openRegistry } from '../../src/stores/registry/open-registry.ts';
import type { RegistryClient } from '../../src/stores/registry/registry-client.ts';
import { startRegistry } from '../fixtures/fake-registry.ts';
import { imageOf } from '../fixtures/image-writer.ts';
import { newKeys } from '../signing/bundles.ts';
import { signedBom } from '../operations/images/signed-bom.ts';
import { cosign, describeWith, type Peer } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const image = imageOf({ layers: [{ tar: Buffer.alloc(1024) }] });
const { digest } = image.manifest;
const signer = newKeys('ecdsa-p256');
const publicKey = join(directory, 'signer.pub');
writeFileSync(publicKey, signer.publicKey.pem);
const documents = await signedBom({ about: [digest], signer });
const otherKey = join(directory, 'other.pub');
writeFileSync(otherKey, newKeys('ecdsa-p256').publicKey.pem);

const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open.reverse()) await one.close();
});

function clientOf(host: string): RegistryClient {
  const client = openRegistry(parseImageReference(`${host}/team/app:v1`), { userAgent: 'mlbom-test' });
  open.push(client);
  return client;
}

describeWith('cosign', cosign(), (peer) => {
  test.each([
    ['the referrers API', 'on'],
    ['no referrers API', 'off'],
    ['a header that promises an API that is not there', 'header-only'],
  ] as const)('verifies what was attached in a registry with %s, and finds it', async (_, referrers) => {
    const registry = await startRegistry({ referrers });
    open.push(registry);
    registry.seed(image, 'team/app', 'v1');
    await attach({ client: clientOf(registry.host), ...documents });
    await verifiedBy(peer, registry.host);
  });

  test('verifies what was attached in a CNCF distribution registry', async () => {
    const host = await distribution();
    if (host === undefined) return;
    const client = clientOf(host);
    await push(client);
    await attach({ client, ...documents });
    await verifiedBy(peer, host);
  });
});

describe('a CNCF distribution registry', () => {
  test('loses nothing when eight attach at once', async () => {
    const host = await distribution();
    if (host === undefined) return;
    const client = clientOf(host);
    await push(client);
    const signers = Array.from({ length: 8 }, () => newKeys('ed25519'));
    await Promise.all(
      signers.map(async (one, at) => {
        const own = await signedBom({ about: [digest], signer: one, name: `app${at}` });
        await attach({ client: clientOf(host), ...own });
      }),
    );
    const listed = await client.referrers(parseDigest(digest));
    expect(new Set(listed.map((one) => one.digest.hex)).size).toBe(16);
    const keys = signers.map((one) => one.publicKey);
    const { checks } = await attachedBom({ store: client, subjects: [parseDigest(digest)], keys });
    expect(verdictOf(checks).outcome).toBe('pass');
  });
});

async function verifiedBy(peer: Peer, host: string): Promise<void> {
  const place = `${host}/team/app@${digest}`;
  const trust = (key: string): string[] => ['--key', key, '--insecure-ignore-tlog', '--allow-http-registry'];
  const verify = (key: string): Promise<string> =>
    peer.run('verify-attestation', '--type', 'cyclonedx', ...trust(key), place);
  const { payload } = JSON.parse(await verify(publicKey)) as { payload: string };
  const statement = JSON.parse(Buffer.from(payload, 'base64').toString()) as { predicate: unknown };
  expect(statement.predicate).toEqual(JSON.parse(Buffer.from(documents.bom).toString()));
  await expect(verify(otherKey)).rejects.toThrow();
  const tree = await peer.run('tree', '--allow-http-registry', place);
  expect(tree).toContain('https://cyclonedx.org/bom');
  expect(tree).toContain('application/vnd.cyclonedx+json');
}

/** Pushes the image as it is. */
async function push(client: RegistryClient): Promise<void> {
  for (const { bytes, digest: name } of [image.config, ...image.layers])
    await client.putBlob(bytes, parseDigest(name));
  await client.putManifest('v1', image.manifest.bytes, image.manifest.mediaType);
}

/** `docker-registry` of Debian (CNCF distribution 2.8), for as long as these tests run; its host. */
async function distribution(): Promise<string | undefined> {
  if (spawnSync('docker-registry', ['--version']).status !== 0) {
    console.log('skipped: no docker-registry');
    return undefined;
  }
  const host = `127.0.0.1:${await freePort()}`;
  const place = join(directory, host.replace(':', '-'));
  mkdirSync(place);
  const config = join(place, 'config.yml');
  const storage = `storage:\n  filesystem:\n    rootdirectory: ${place}\n`;
  writeFileSync(config, `version: 0.1\n${storage}http:\n  addr: ${host}\nvalidation:\n  disabled: true\n`);
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  open.push({ close: () => ended(child) });
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (answer?.ok) return host;
    await sleep(50);
  }
  throw new Error('docker-registry does not answer');
}

async function ended(child: ChildProcess): Promise<void> {
  const done = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await done;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
