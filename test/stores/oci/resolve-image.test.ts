import { rmSync, symlinkSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Descriptor, ImageStore } from '../../../src/core/image.ts';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import { openLayout } from '../../../src/stores/oci/open-layout.ts';
import { parsePlatform } from '../../../src/formats/oci/platform.ts';
import { resolveImage } from '../../../src/stores/oci/resolve-image.ts';
import {
  artifactOf,
  blobOf,
  imageOf,
  indexOf,
  writeLayout,
  type RootFixture,
} from '../../fixtures/image-writer.ts';
import { collect, temporaryDirectory } from '../temporary-directory.ts';
import { told } from './told.ts';

const image = imageOf({
  layers: [
    { tar: Buffer.from('one'), createdBy: 'ADD one' },
    { tar: Buffer.from('two'), codec: 'none' },
  ],
});
const arm = imageOf({
  layers: [{ tar: Buffer.from('arm') }],
  platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
});
const attestation: RootFixture = {
  ...artifactOf({
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', bytes: Buffer.from('{}') },
    layers: [{ mediaType: 'application/vnd.in-toto+json', bytes: Buffer.from('{"a":1}') }],
  }),
  platform: { os: 'unknown', architecture: 'unknown' },
  annotations: {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': image.manifest.digest,
  },
};
const model = artifactOf({
  artifactType: 'application/vnd.cncf.model.manifest.v1+json',
  config: { mediaType: 'application/vnd.cncf.model.config.v1+json', bytes: Buffer.from('{}') },
  layers: [{ mediaType: 'application/vnd.cncf.model.weight.v1.raw', bytes: Buffer.from('weights') }],
});

function layoutOf(roots: readonly RootFixture[], tags?: readonly string[]): string {
  const directory = temporaryDirectory();
  writeLayout(directory, roots, tags ? { tags } : {});
  return directory;
}

async function open(roots: readonly RootFixture[], tags?: readonly string[]): Promise<ImageStore> {
  return openLayout(layoutOf(roots, tags));
}

function blobPath(directory: string, digest: string): string {
  return join(directory, 'blobs', digest.replace(':', '/'));
}

describe('resolveImage', () => {
  it('gives the manifest, the configuration and the layers, lowest first', async () => {
    const resolved = await resolveImage(await open([image], ['v1']));
    expect(resolved).toMatchObject({
      manifest: { descriptor: { digest: parseDigest(image.manifest.digest) } },
      config: { digest: parseDigest(image.config.digest) },
      image: { platform: { os: 'linux', architecture: 'amd64' } },
      layers: [
        { diffId: parseDigest(image.layers[0]?.diffId ?? ''), history: { createdBy: 'ADD one' } },
        { diffId: parseDigest(image.layers[1]?.diffId ?? ''), history: { createdBy: 'layer 1' } },
      ],
      indexes: [],
      neighbours: [],
    });
    const [first] = resolved.layers;
    const bytes = first && (await collect((await first.open()).stream()));
    expect(Buffer.concat(bytes ?? [])).toEqual(Buffer.from(image.layers[0]?.bytes ?? []));
  });

  it('gives no image where the configuration is of something else', async () => {
    const resolved = await resolveImage(await open([model]));
    expect(resolved.image).toBeUndefined();
    expect(resolved.layers).toMatchObject([
      { descriptor: { mediaType: 'application/vnd.cncf.model.weight.v1.raw' } },
    ]);
  });

  it('gives no image where the layers are no file systems: Ollama borrows the type of the configuration', async () => {
    const config = {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      bytes: Buffer.from('{"model_format":"gguf"}'),
    };
    const layers = [{ mediaType: 'application/vnd.ollama.image.model', bytes: Buffer.from('GGUF') }];
    expect((await resolveImage(await open([artifactOf({ config, layers })]))).image).toBeUndefined();
  });

  it('gives no history where its lines are not as many as the layers', async () => {
    const history = [{ created_by: 'ADD' }, { created_by: 'ENV', empty_layer: true }];
    const short = imageOf({
      layers: [{ tar: Buffer.from('a') }, { tar: Buffer.from('b') }],
      config: { history },
    });
    const { layers } = await resolveImage(await open([short]));
    expect(layers.map((layer) => layer.history)).toEqual([undefined, undefined]);
  });

  it('never takes an attestation for the image, and shows it beside it', async () => {
    const resolved = await resolveImage(await open([indexOf([image, attestation])]));
    expect(resolved.manifest?.descriptor.digest).toEqual(parseDigest(image.manifest.digest));
    expect(resolved.indexes).toHaveLength(1);
    expect(resolved.neighbours).toMatchObject([{ digest: parseDigest(attestation.manifest.digest) }]);
    expect(await told(resolveImage(await open([indexOf([attestation])])))).toMatch(
      /^E_NOT_FOUND image-not-found/,
    );
  });

  it('takes the platform that is asked for, through indexes in indexes', async () => {
    const store = await open([indexOf([indexOf([image, attestation]), indexOf([arm])])]);
    const resolved = await resolveImage(store, { platform: parsePlatform('linux/arm64') });
    expect(resolved.manifest?.descriptor.digest).toEqual(parseDigest(arm.manifest.digest));
    expect(resolved.indexes).toHaveLength(2);
  });

  it('asks the configuration where the index says no platform', async () => {
    const bare = [image, arm].map(({ manifest, blobs }): RootFixture => ({ manifest, blobs }));
    const resolved = await resolveImage(await open([indexOf(bare)]), {
      platform: parsePlatform('linux/arm64'),
    });
    expect(resolved.manifest?.descriptor.digest).toEqual(parseDigest(arm.manifest.digest));
  });

  it('refuses to choose between platforms', async () => {
    expect(await told(resolveImage(await open([indexOf([image, arm])])))).toMatch(
      /^E_USAGE image-platform-ambiguous: .*linux\/amd64 .*linux\/arm64\/v8/,
    );
  });

  it('says which platforms there are', async () => {
    const several = resolveImage(await open([indexOf([image, arm])]), {
      platform: parsePlatform('linux/s390x'),
    });
    expect(await told(several)).toMatch(
      /^E_NOT_FOUND image-platform: .*linux\/s390x.*linux\/amd64.*linux\/arm64/,
    );
    const one = resolveImage(await open([image]), { platform: parsePlatform('linux/s390x') });
    expect(await told(one)).toMatch(/^E_NOT_FOUND image-platform: .*it has linux\/amd64/);
  });

  it('takes an artifact without a platform whatever is asked for', async () => {
    const resolved = await resolveImage(await open([indexOf([model])]), {
      platform: parsePlatform('linux/arm64'),
    });
    expect(resolved.manifest?.artifactType).toBe('application/vnd.cncf.model.manifest.v1+json');
  });
});

describe('a layout that was tampered with', () => {
  const { digest: manifest } = image.manifest;
  const { digest: config } = image.config;
  const layer = image.layers[1]?.digest ?? '';

  async function tampered(change: (directory: string) => void): Promise<string> {
    const directory = layoutOf([image]);
    change(directory);
    return told(
      openLayout(directory).then(async (store) => {
        for (const one of (await resolveImage(store)).layers) await one.open();
      }),
    );
  }

  function edit(digest: string, from: string, to: string) {
    return (directory: string): void => {
      const path = blobPath(directory, digest);
      writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    };
  }

  it.each([
    [
      'the manifest is edited',
      edit(manifest, '"schemaVersion":2', '"schemaVersion":3'),
      `E_DIGEST image-digest: the manifest ${manifest}`,
    ],
    ['the manifest grew', edit(manifest, '{', '{ '), `E_DIGEST image-digest: the manifest ${manifest}`],
    [
      'the configuration is edited',
      edit(config, 'ADD one', 'ADD two'),
      `E_DIGEST image-digest: the configuration ${config}`,
    ],
    [
      'a layer is cut',
      (directory: string) => {
        writeFileSync(blobPath(directory, layer), 'tw');
      },
      `E_DIGEST image-digest: layer 2 of 2 ${layer}`,
    ],
    [
      'a layer is missing',
      (directory: string) => {
        rmSync(blobPath(directory, layer));
      },
      `E_NOT_FOUND image-blob-missing: layer 2 of 2 ${layer}`,
    ],
    [
      'the configuration is missing',
      (directory: string) => {
        rmSync(blobPath(directory, config));
      },
      `E_NOT_FOUND image-blob-missing: the configuration ${config}`,
    ],
    [
      'the manifest is missing',
      (directory: string) => {
        rmSync(blobPath(directory, manifest));
      },
      `E_NOT_FOUND image-blob-missing: the manifest ${manifest}`,
    ],
  ])('ends when %s', async (_, change, beginning) => {
    expect((await tampered(change)).startsWith(beginning)).toBe(true);
  });

  it('ends at a link in the place of a blob', async () => {
    const message = await tampered((directory) => {
      rmSync(blobPath(directory, layer));
      symlinkSync('/etc/hostname', blobPath(directory, layer));
    });
    expect(message).toMatch(/^E_UNREADABLE /);
  });

  it('ends when the numbers of layers differ', async () => {
    const rootfs = { type: 'layers', diff_ids: [image.layers[0]?.diffId] };
    const short = imageOf({
      layers: [{ tar: Buffer.from('one') }, { tar: Buffer.from('two') }],
      config: { rootfs },
    });
    expect(await told(resolveImage(await open([short])))).toMatch(
      /^E_MALFORMED image-layer-count: the configuration sha256:\w+: it has 1 diffIDs for 2 layers/,
    );
  });

  it('ends when the index refers to a manifest as another type', async () => {
    const docker = {
      ...image,
      manifest: { ...image.manifest, mediaType: 'application/vnd.docker.distribution.manifest.v2+json' },
    };
    expect(await told(resolveImage(await open([docker])))).toMatch(
      /^E_MALFORMED oci-media-type: the manifest sha256:/,
    );
  });

  it('ends at indexes that are nested too deep', async () => {
    let root: RootFixture = indexOf([image]);
    for (let depth = 0; depth < 8; depth++) root = indexOf([root]);
    expect(await told(resolveImage(await open([root])))).toMatch(
      /^E_LIMIT image-index-depth: the index sha256:/,
    );
  });

  it('reads an index once that many lead to', async () => {
    let root: RootFixture = indexOf([image]);
    for (let depth = 0; depth < 6; depth++) root = indexOf([...Array<RootFixture>(50).fill(root)]);
    expect(await told(resolveImage(await open([root])))).toBe('done');
  });

  it('ends at too many manifests in all', async () => {
    const halves = [1, 2].map((half) =>
      indexOf(Array.from({ length: 600 }, (_, at) => artifactRoot(`${half} ${at}`))),
    );
    expect(await told(resolveImage(await open([indexOf(halves)])))).toMatch(
      /^E_LIMIT image-descriptors: the index/,
    );
  });

  it('ends at an index that leads to itself', async () => {
    // No honest digest can do it; a place that does not keep its digests can.
    const cyclic = await cyclicStore();
    expect(await told(resolveImage(cyclic))).toMatch(/^E_DIGEST image-digest: the index sha256:/);
  });

  it('ends at a document that is larger than the limit before it is read', async () => {
    const huge = {
      manifest: blobOf(image.manifest.mediaType, new Uint8Array(5 * 1024 * 1024)),
      blobs: new Map(),
    };
    expect(await told(resolveImage(await open([huge])))).toMatch(
      /^E_LIMIT image-document-bytes: the manifest sha256:/,
    );
  });
});

function artifactRoot(text: string): RootFixture {
  return {
    manifest: blobOf('application/vnd.oci.image.manifest.v1+json', Buffer.from(text)),
    blobs: new Map(),
  };
}

async function cyclicStore(): Promise<ImageStore> {
  const digest = `sha256:${'a'.repeat(64)}`;
  const own = { mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: 0 };
  let bytes = Buffer.from('');
  for (let size = 0; size !== bytes.length || size === 0;) {
    size = bytes.length;
    bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [{ ...own, size }] }));
  }
  const descriptor: Descriptor = {
    mediaType: own.mediaType,
    digest: parseDigest(digest),
    size: bytes.length,
    annotations: {},
  };
  const store = await open([image]);
  return {
    ...store,
    root: () => Promise.resolve({ kind: 'manifest', descriptor, neighbours: [] }),
    open: () =>
      Promise.resolve({
        size: bytes.length,
        async *stream() {
          yield await Promise.resolve(bytes);
        },
      }),
  };
}
