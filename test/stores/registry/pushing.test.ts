import { describe, expect, it } from 'vitest';
import { formatDigest } from '../../../src/core/digest.ts';
import { ociIndexType } from '../../../src/formats/oci/media-types.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { artifactOf } from '../../fixtures/image-writer.ts';
import { descriptorOf, repository, sceneOf } from './registries.ts';

const bom = Buffer.from('{"bomFormat":"CycloneDX"}');
const blob = descriptorOf(bom, 'application/vnd.cyclonedx+json');

describe('a push', () => {
  it('brings a blob, and brings it once', async () => {
    const { client, registry } = await sceneOf();
    await client.putBlob(bom, blob.digest);
    expect(registry.blobs.get(formatDigest(blob.digest))).toEqual(bom);
    expect(registry.requests.find(({ method }) => method === 'PUT')?.url).toMatch(
      /\?_state=of-the-session&digest=sha256%3A[0-9a-f]{64}$/,
    );
    const requests = registry.requests.length;
    await client.putBlob(bom, blob.digest);
    expect(registry.requests.slice(requests).map(({ method }) => method)).toEqual(['HEAD']);
  });

  it('goes through a registry that is busy', async () => {
    const { client, registry } = await sceneOf({ tooManyRequests: 2 });
    await client.putBlob(bom, blob.digest);
    expect(registry.blobs.has(formatDigest(blob.digest))).toBe(true);
  });

  it('brings a manifest under a tag or its digest, and says what the registry makes of its subject', async () => {
    const { client, image, registry } = await sceneOf();
    const subject = descriptorOf(image.manifest.bytes, image.manifest.mediaType);
    const manifest = referrerOf(subject);
    registry.seed(artifactOf({ config: empty, layers: [] }), repository);
    const pushed = await client.putManifest('bom', manifest, image.manifest.mediaType);
    expect(pushed).toMatchObject({ subject: image.manifest.digest });
    expect(registry.tags.get(`${repository}:bom`)).toBe(formatDigest(pushed.digest));
    expect(await client.putManifest(pushed.digest, manifest, image.manifest.mediaType)).toMatchObject({
      digest: pushed.digest,
    });
    expect(await refusal(client.putManifest('bad tag', manifest, 'a/b'))).toBe('E_USAGE undefined');
  });

  it('replaces only what it has seen', async () => {
    const { client } = await sceneOf();
    const index = (note: string): Buffer =>
      Buffer.from(
        JSON.stringify({ schemaVersion: 2, mediaType: ociIndexType, manifests: [], annotations: { note } }),
      );
    await client.putManifest('list', index('one'), ociIndexType);
    const { etag } = await client.manifestWithEtag('list');
    await client.putManifest('list', index('two'), ociIndexType, { ifMatch: etag });
    expect(await refusal(client.putManifest('list', index('three'), ociIndexType, { ifMatch: etag }))).toBe(
      'E_UNREACHABLE changed-meanwhile',
    );
  });

  it('says what the registry says when it refuses', async () => {
    const { client, image } = await sceneOf();
    const manifest = referrerOf(blob);
    const error: unknown = await client
      .putManifest('x', manifest, image.manifest.mediaType)
      .catch((it: unknown) => it);
    expect(error).toMatchObject({ code: 'E_UNREACHABLE', rule: 'registry-refused' });
    expect(String(error)).toContain('MANIFEST_BLOB_UNKNOWN');
  });
});

const empty = { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') };

function referrerOf(subject: typeof blob): Buffer {
  const written = ({ mediaType, digest, size }: typeof blob): object => ({
    mediaType,
    digest: formatDigest(digest),
    size,
  });
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: written(descriptorOf(empty.bytes, empty.mediaType)),
      layers: [],
      subject: written(subject),
    }),
  );
}
