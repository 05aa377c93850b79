import { afterEach, describe, expect, it } from 'vitest';
import { formatDigest } from '../../../src/core/digest.ts';
import { parseImageReference } from '../../../src/formats/oci/image-reference.ts';
import { attach, type Attached } from '../../../src/operations/images/attach.ts';
import { findAttached, readAttached } from '../../../src/operations/images/attached.ts';
import { attachedBom } from '../../../src/operations/images/verify-attached.ts';
import { verdictOf } from '../../../src/core/verdict.ts';
import { openRegistry } from '../../../src/stores/registry/open-registry.ts';
import type { RegistryClient } from '../../../src/stores/registry/registry-client.ts';
import { startRegistry, type FakeRegistry, type FakeRegistryOptions } from '../../fixtures/fake-registry.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { imageOf, indexOf } from '../../fixtures/image-writer.ts';
import { newKeys } from '../../signing/bundles.ts';
import { keys, signedBom } from './signed-bom.ts';

const image = imageOf({ layers: [{ tar: Buffer.alloc(1024) }] });
const other = imageOf({
  layers: [{ tar: Buffer.alloc(2048) }],
  platform: { os: 'linux', architecture: 'arm64' },
});
const { digest } = image.manifest;
const documents = await signedBom({ about: [digest] });
const fallback = `team/app:${digest.replace(':', '-')}`;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function registryWith(options: FakeRegistryOptions): Promise<FakeRegistry> {
  const registry = await startRegistry(options);
  open.push(registry);
  registry.seed(image, 'team/app', 'v1');
  return registry;
}

function clientOf({ host }: FakeRegistry, version = ':v1'): RegistryClient {
  const client = openRegistry(parseImageReference(`${host}/team/app${version}`), { userAgent: 'test' });
  open.push(client);
  return client;
}

function attached(registry: FakeRegistry, signed = documents, version = ':v1'): Promise<Attached> {
  return attach({ client: clientOf(registry, version), ...signed, settle: 40 });
}

function hows({ referrers }: Attached): string[] {
  return referrers.map(({ how }) => how);
}

/** What the index under the fallback tag lists. */
function listed({ tags, manifests }: FakeRegistry): { digest: string; annotations?: object }[] {
  const bytes =
    manifests.get(`team/app@${tags.get(fallback) ?? ''}`)?.bytes ?? Buffer.from('{"manifests":[]}');
  return (JSON.parse(Buffer.from(bytes).toString()) as { manifests: { digest: string }[] }).manifests;
}

function puts({ requests }: FakeRegistry): string[] {
  return requests.filter(({ method }) => method === 'PUT' || method === 'POST').map(({ url }) => url);
}

describe.each([
  ['the referrers API', { referrers: 'on' }, 'api', 0],
  ['the referrers API by pages, without a filter', { pageSize: 1, ignoresFilter: true }, 'api', 0],
  ['no referrers API', { referrers: 'off' }, 'tag', 2],
  ['a header that promises an API that is not there', { referrers: 'header-only' }, 'tag', 2],
] as const)('to a registry with %s', (_, options, how, inFallback) => {
  it('the BOM and its bundle are attached where they are found again, whole and verified', async () => {
    const registry = await registryWith(options);
    const result = await attached(registry);
    expect(formatDigest(result.subject)).toBe(digest);
    expect(hows(result)).toEqual([how, how]);
    expect(listed(registry)).toHaveLength(inFallback);

    const client = clientOf(registry);
    const found = await findAttached(client, result.subject);
    expect(found.problems).toEqual([]);
    expect(found.documents.map(({ kind, predicateType }) => [kind, predicateType])).toEqual(
      expect.arrayContaining([
        ['cyclonedx', undefined],
        ['sigstore-bundle', 'https://cyclonedx.org/bom'],
      ]),
    );
    const plain = found.documents.find(({ kind }) => kind === 'cyclonedx');
    expect(plain && Buffer.from(await readAttached(client, plain))).toEqual(documents.bom);

    const verified = await attachedBom({ store: client, subjects: [result.subject], keys: [keys.publicKey] });
    expect(verdictOf(verified.checks).outcome).toBe('pass');
  });

  it('the same again changes nothing', async () => {
    const registry = await registryWith(options);
    const first = await attached(registry);
    const [manifests, sent] = [registry.manifests.size, puts(registry).length];
    expect(await attached(registry)).toEqual(first);
    expect(registry.manifests.size).toBe(manifests);
    expect(puts(registry)).toHaveLength(sent);
  });
});

describe('several at once to a registry without the API', () => {
  it.each(['ignored', 'honoured'] as const)('lose nothing where If-Match is %s', async (ifMatch) => {
    const registry = await registryWith({ referrers: 'off', ifMatch });
    const signers = Array.from({ length: 8 }, () => newKeys('ed25519'));
    const results = await Promise.all(
      signers.map(async (signer, at) =>
        attached(registry, await signedBom({ about: [digest], name: `app${at}`, signer })),
      ),
    );
    const pushed = results.flatMap(({ referrers }) => referrers.map((one) => formatDigest(one.digest)));
    expect(new Set(pushed).size).toBe(16);
    expect(
      listed(registry)
        .map((one) => one.digest)
        .sort(),
    ).toEqual(pushed.sort());
  });

  it('lose nothing to a writer that read before and writes after', async () => {
    const registry = await registryWith({ referrers: 'off', ifMatch: 'ignored' });
    const stale = JSON.stringify({ schemaVersion: 2, manifests: [] });
    let races = 0;
    registry.options.beforeManifestPut = ({ reference }) => {
      if (!reference.startsWith('sha256-') || ++races > 3) return;
      setTimeout(() => {
        registry.manifests.set('team/app@sha256:stale', {
          bytes: Buffer.from(stale),
          mediaType: 'application/vnd.oci.image.index.v1+json',
        });
        registry.tags.set(fallback, 'sha256:stale');
      }, 10);
    };
    registry.options.digestHeader = 'none';
    await attached(registry);
    expect(listed(registry)).toHaveLength(2);
    expect(races).toBe(4);
  });
});

describe('what the documents are about', () => {
  it('must be the image: another one is refused, with both digests', async () => {
    const registry = await registryWith({});
    const about = await signedBom({ about: [other.manifest.digest] });
    const work = attached(registry, about);
    await expect(work).rejects.toThrow(`there is ${digest}, the BOM is about ${other.manifest.digest}`);
    expect(await refusal(work)).toBe('E_DIGEST other-image');
    expect(puts(registry)).toEqual([]);
  });

  it.each([
    ['the BOM', { about: [digest], signedAbout: [other.manifest.digest] }],
    ['the signature', { about: [other.manifest.digest], signedAbout: [digest] }],
  ])('must be the image for both: %s alone is not enough', async (_, parts) => {
    const registry = await registryWith({});
    expect(await refusal(attached(registry, await signedBom(parts)))).toBe('E_DIGEST other-image');
  });

  it('must be one BOM: a bundle that signs another one is refused', async () => {
    const registry = await registryWith({});
    const { bundle } = await signedBom({ about: [digest], name: 'other' });
    const work = attached(registry, { bom: documents.bom, bundle });
    await expect(work).rejects.toThrow(
      'the bundle signs another BOM: it differs at /metadata/component/name',
    );
  });

  it('may be an index, or the one image in it that they name', async () => {
    const registry = await registryWith({});
    const index = indexOf([image, other]);
    registry.seed(index, 'team/app', 'all');
    const both = await signedBom({ about: [digest, index.manifest.digest] });
    expect(formatDigest((await attached(registry, both, ':all')).subject)).toBe(index.manifest.digest);
    expect(formatDigest((await attached(registry, documents, ':all')).subject)).toBe(digest);
    const two = await signedBom({ about: [digest, other.manifest.digest] });
    await expect(attached(registry, two, ':all')).rejects.toThrow('about several images there');
  });

  it('is the digest where the tag moved meanwhile', async () => {
    const registry = await registryWith({});
    registry.seed(other, 'team/app', 'v1');
    expect(await refusal(attached(registry))).toBe('E_DIGEST other-image');
    expect(await refusal(attached(registry, documents, `:v1@${digest}`))).toBe('E_DIGEST tag-moved');
    expect(hows(await attached(registry, documents, `@${digest}`))).toEqual(['api', 'api']);
  });
});
