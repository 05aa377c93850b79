import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Descriptor } from '../../../src/core/image.ts';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import { ociIndexType, ociManifestType } from '../../../src/formats/oci/media-types.ts';
import { cosignTags, isBesideTag, referrersTag } from '../../../src/formats/oci/referrers-tag.ts';
import { nextPage } from '../../../src/stores/registry/next-page.ts';
import type { FakeRegistryOptions } from '../../fixtures/fake-registry.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { repository, sceneOf, type Scene } from './registries.ts';

const bomType = 'application/vnd.cyclonedx+json';
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A scene with a BOM, a bundle and another BOM that refer to its image; where the API is off, listed under the tag. */
async function referredTo(
  options: FakeRegistryOptions = {},
): Promise<Scene & { subject: ReturnType<typeof parseDigest> }> {
  const scene = await sceneOf(options);
  const { registry, image } = scene;
  const subject = {
    mediaType: ociManifestType,
    digest: image.manifest.digest,
    size: image.manifest.bytes.length,
  };
  const manifests = [bomType, bundleType, bomType].map((artifactType, number) => {
    const annotations = { number: String(number) };
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256('{}'), size: 2 };
    const text = {
      schemaVersion: 2,
      mediaType: ociManifestType,
      artifactType,
      config,
      layers: [],
      subject,
      annotations,
    };
    const bytes = Buffer.from(JSON.stringify(text));
    registry.manifests.set(`${repository}@${sha256(bytes)}`, { bytes, mediaType: ociManifestType });
    return {
      mediaType: ociManifestType,
      digest: sha256(bytes),
      size: bytes.length,
      artifactType,
      annotations,
    };
  });
  const digest = parseDigest(image.manifest.digest);
  if (options.referrers === 'off' || options.referrers === 'header-only')
    keep(scene, referrersTag(digest), { manifests });
  return { ...scene, subject: digest };
}

function keep({ registry }: Scene, tag: string, index: object): void {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: ociIndexType, ...index }));
  registry.manifests.set(`${repository}@${sha256(bytes)}`, { bytes, mediaType: ociIndexType });
  registry.tags.set(`${repository}:${tag}`, sha256(bytes));
}

function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

const numbers = (list: readonly Descriptor[]): (string | undefined)[] =>
  list.map(({ annotations }) => annotations['number']);

describe('referrers', () => {
  it.each([
    ['the API', {}, true],
    ['the API, in pages', { pageSize: 1 }, true],
    ['the API that ignores the filter', { ignoresFilter: true }, true],
    ['the tag', { referrers: 'off' }, false],
    ['the tag, whatever the header of a push says', { referrers: 'header-only' }, false],
  ] as const)('are found by %s', async (_, options, hasApi) => {
    const { client, subject } = await referredTo(options);
    const all = await client.referrers(subject);
    expect(numbers(all)).toEqual(['0', '1', '2']);
    expect(numbers(await client.referrers(subject, undefined, bomType))).toEqual(['0', '2']);
    expect(await client.hasReferrersApi(subject)).toBe(hasApi);
  });

  it('are none where there are none', async () => {
    const { client, registry } = await sceneOf({ referrers: 'off' });
    expect(await client.referrers(parseDigest(sha256('nothing')))).toEqual([]);
    registry.options.referrers = 'on';
    expect(await client.referrers(parseDigest(sha256('nothing')))).toEqual([]);
  });

  it("include what stands under cosign's tags", async () => {
    const { client, subject, registry, image } = await referredTo();
    for (const kind of ['sig', 'att']) {
      registry.seed({ ...image, manifest: image.manifest }, repository, `sha256-${subject.hex}.${kind}`);
    }
    const all = await client.referrers(subject);
    expect(all.slice(3)).toMatchObject([{ digest: subject }]);
    expect(await client.referrers(subject, undefined, bundleType)).toHaveLength(1);
  });

  it.each([
    ['is no index of manifests', { manifests: [{ mediaType: 'x' }] }, 'E_MALFORMED oci-descriptor'],
    ['is too long', { manifests: Array.from({ length: 1001 }, () => ({})) }, 'E_LIMIT oci-descriptors'],
    ['is a manifest', { mediaType: ociManifestType, config: {}, layers: [] }, 'E_MALFORMED oci-media-type'],
  ])('are refused when the list under the tag %s', async (_, index, expected) => {
    const scene = await sceneOf({ referrers: 'off' });
    const subject = parseDigest(scene.image.manifest.digest);
    keep(scene, referrersTag(subject), index);
    expect(await refusal(scene.client.referrers(subject))).toBe(expected);
  });

  it('are not looked for where access is denied', async () => {
    const { client, subject, registry } = await referredTo();
    registry.options.auth = { kind: 'basic', user: 'u', password: 'p' };
    expect(await refusal(client.referrers(subject))).toBe('E_UNREACHABLE registry-denied');
  });

  it('by SHA-512 are listed under the first 64 digits', () => {
    const hex = '0123456789abcdef'.repeat(8);
    expect(referrersTag(parseDigest(`sha512:${hex}`))).toBe(`sha512-${hex.slice(0, 64)}`);
    expect(cosignTags(parseDigest(`sha512:${hex}`))).toEqual([]);
    const tags = [`sha256:${hex.slice(0, 64)}`, `sha512:${hex}`].map((text) => parseDigest(text));
    expect(tags.flatMap((one) => [referrersTag(one), ...cosignTags(one)]).every(isBesideTag)).toBe(true);
  });
});

describe('the next page', () => {
  const from = new URL('https://registry.example.org/v2/a/referrers/sha256:0?n=1');
  const next = (...fields: string[]): string | undefined => nextPage(fields, from, 'referrers')?.href;

  it('is what Link says of the registry itself', () => {
    expect(next('</v2/a/referrers/x?last=b>; rel="next"')).toBe(
      'https://registry.example.org/v2/a/referrers/x?last=b',
    );
    expect(next('<https://registry.example.org/v2/b>; title="x"; rel=next')).toBe(
      'https://registry.example.org/v2/b',
    );
    expect(next('</v2/first>; rel="first", </v2/c?a=1,2>; rel="next"')).toBe(
      'https://registry.example.org/v2/c?a=1,2',
    );
    expect(next('</v2/first>; rel="first"', 'nonsense', '')).toBeUndefined();
    expect(next()).toBeUndefined();
  });

  it.each([
    'https://evil.example/v2/a',
    'http://registry.example.org/v2/a',
    '//evil.example/v2/a',
    '/admin',
    'http://[',
    'file:///v2/a',
  ])('is refused at %s', async (target) => {
    expect(await refusal(Promise.resolve().then(() => next(`<${target}>; rel="next"`)))).toBe(
      'E_MALFORMED next-page',
    );
  });
});
