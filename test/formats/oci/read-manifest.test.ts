import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import {
  dockerListType,
  dockerManifestType,
  layerKindOf,
  ociIndexType,
  ociManifestType,
} from '../../../src/formats/oci/media-types.ts';
import { readManifest } from '../../../src/formats/oci/read-manifest.ts';
import { readAll } from '../../../src/formats/read-all.ts';
import { refusal, survivesHostileBytes } from '../../fixtures/hostile-bytes.ts';
import { imageOf, indexOf } from '../../fixtures/image-writer.ts';

const image = imageOf({
  layers: [{ tar: Buffer.from('a'), annotations: { note: 'x' } }],
  annotations: { 'org.opencontainers.image.base.name': 'registry.example.org/base:1' },
});
const digest = `sha256:${'a'.repeat(64)}`;
const descriptor = { mediaType: 'text/plain', digest, size: 1 };

function manifest(more: object): Uint8Array {
  return Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: ociManifestType, config: descriptor, layers: [], ...more }),
  );
}

function refused(bytes: Uint8Array, hint?: string): Promise<string> {
  return refusal(Promise.resolve().then(() => readManifest(bytes, hint)));
}

describe('readManifest', () => {
  it('reads a manifest', () => {
    expect(readManifest(image.manifest.bytes)).toMatchObject({
      kind: 'manifest',
      mediaType: ociManifestType,
      annotations: { 'org.opencontainers.image.base.name': 'registry.example.org/base:1' },
      config: {
        digest: { algorithm: 'sha256', hex: image.config.digest.slice(7) },
        size: image.config.bytes.length,
      },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', annotations: { note: 'x' } }],
    });
  });

  it("reads Docker's manifest and list", () => {
    const docker = imageOf({ layers: [{ tar: Buffer.from('a') }], docker: true });
    expect(readManifest(docker.manifest.bytes)).toMatchObject({
      kind: 'manifest',
      mediaType: dockerManifestType,
    });
    const list = indexOf([docker], { docker: true });
    expect(readManifest(list.manifest.bytes)).toMatchObject({
      kind: 'index',
      mediaType: dockerListType,
      descriptors: [{ platform: { os: 'linux', architecture: 'amd64' } }],
    });
  });

  it('takes what refers to a document for its type where it says none', () => {
    const bare = manifest({ mediaType: undefined });
    expect(readManifest(bare, `${dockerManifestType}; charset=utf-8`)).toMatchObject({
      mediaType: dockerManifestType,
    });
    expect(readManifest(bare)).toMatchObject({ mediaType: ociManifestType });
    expect(readManifest(bare, 'application/json')).toMatchObject({ mediaType: ociManifestType });
  });

  it('tells annotations apart by case, and other names that are no other case of a known one', () => {
    const annotations = { note: 'a', Note: 'b' };
    expect(readManifest(manifest({ annotations, 'x-layers': 1, layer: 2 }))).toMatchObject({ annotations });
  });

  it('takes null for nothing, as Go writes it', () => {
    expect(readManifest(manifest({ layers: null, annotations: null, subject: null }))).toMatchObject({
      layers: [],
    });
  });

  it.each([
    ['says to be another one than it was referred to as', manifest({}), dockerManifestType, 'oci-media-type'],
    ['is a manifest and an index at once', manifest({ manifests: [] }), undefined, 'oci-both'],
    [
      'is an index by its type and a manifest by its members',
      manifest({ mediaType: ociIndexType }),
      undefined,
      'oci-both',
    ],
    [
      'is a manifest where an index is referred to',
      manifest({ mediaType: undefined }),
      ociIndexType,
      'oci-both',
    ],
    [
      'has a name twice',
      Buffer.from('{"schemaVersion":2,"config":{},"config":{}}'),
      undefined,
      'json-duplicate-key',
    ],
    ['Go would read with other layers', manifest({ Layers: [descriptor] }), undefined, 'oci-case'],
    ['Go would read with another configuration', manifest({ CONFIG: descriptor }), undefined, 'oci-case'],
    ['Go would read as an index', manifest({ manifeſts: [descriptor] }), undefined, 'oci-case'],
    [
      'Go alone would read as an index',
      Buffer.from('{"schemaVersion":2,"Manifests":[]}'),
      undefined,
      'oci-case',
    ],
    [
      'Go would read with another digest',
      manifest({ layers: [{ ...descriptor, Digest: digest }] }),
      undefined,
      'oci-case',
    ],
    [
      'Go would read for another platform',
      Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          manifests: [{ ...descriptor, platform: { os: 'linux', architecture: 'amd64', OS: 'windows' } }],
        }),
      ),
      undefined,
      'oci-case',
    ],
    ['has another version', manifest({ schemaVersion: 3 }), undefined, 'oci-schema-version'],
    ['has no configuration', manifest({ config: undefined }), undefined, 'oci-descriptor'],
    ['has an annotation that is no text', manifest({ annotations: { a: 1 } }), undefined, 'oci-type'],
    ['has a negative size', manifest({ config: { ...descriptor, size: -1 } }), undefined, 'oci-descriptor'],
    ['has half a byte', manifest({ config: { ...descriptor, size: 0.5 } }), undefined, 'oci-descriptor'],
    [
      'has a size beyond exact numbers',
      manifest({ config: { ...descriptor, size: 2 ** 60 } }),
      undefined,
      'oci-descriptor',
    ],
    [
      'has no media type for a layer',
      manifest({ layers: [{ ...descriptor, mediaType: '' }] }),
      undefined,
      'oci-descriptor',
    ],
    [
      'has a digest that is a path',
      manifest({ config: { ...descriptor, digest: 'sha256:../../etc/passwd' } }),
      undefined,
      'oci-digest',
    ],
    [
      'has a digest of the wrong length',
      manifest({ config: { ...descriptor, digest: 'sha256:aa' } }),
      undefined,
      'oci-digest',
    ],
    [
      'has a digest in upper case',
      manifest({ config: { ...descriptor, digest: `sha256:${'A'.repeat(64)}` } }),
      undefined,
      'oci-digest',
    ],
  ])('refuses one that %s', async (_, bytes, hint, rule) => {
    expect(await refused(bytes, hint)).toBe(`E_MALFORMED ${rule}`);
  });

  it.each([
    ['schema 1', manifest({ schemaVersion: 1 }), undefined, 'oci-schema1'],
    [
      'schema 1 by its type',
      manifest({ mediaType: undefined }),
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      'oci-schema1',
    ],
    [
      'another document',
      manifest({ mediaType: 'application/vnd.oci.artifact.manifest.v1+json' }),
      undefined,
      'oci-media-type',
    ],
    [
      'another algorithm',
      manifest({ config: { ...descriptor, digest: `sha384:${'a'.repeat(96)}` } }),
      undefined,
      'oci-digest-algorithm',
    ],
  ])('does not read %s', async (_, bytes, hint, rule) => {
    expect(await refused(bytes, hint)).toBe(`E_UNSUPPORTED ${rule}`);
  });

  it('ends at its limits', async () => {
    const layers = Array.from({ length: limits.imageDescriptors + 1 }, () => descriptor);
    expect(await refused(manifest({ layers }))).toBe('E_LIMIT oci-descriptors');
    expect(await refused(new Uint8Array(limits.imageManifestBytes + 1))).toBe('E_LIMIT oci-manifest-bytes');
  });

  it('knows layers by their types', () => {
    expect(layerKindOf('application/vnd.docker.image.rootfs.diff.tar.zstd')).toBe('tar');
    expect(layerKindOf('application/vnd.oci.image.layer.nondistributable.v1.tar+gzip')).toBe('tar');
    expect(layerKindOf('application/vnd.in-toto+json')).toBe('other');
  });
});

describe('of a manifest', () => {
  survivesHostileBytes(
    async (source) => readManifest(await readAll(source, source.size, 'it')),
    image.manifest.bytes,
    {
      refusesEveryTruncation: true,
    },
  );
});

describe('of an index', () => {
  const index = indexOf([image]).manifest.bytes;
  survivesHostileBytes(async (source) => readManifest(await readAll(source, source.size, 'it')), index, {
    refusesEveryTruncation: true,
  });
});
