import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Bom } from '../../../src/core/bom.ts';
import { propertyOf } from '../../../src/core/components-of.ts';
import { generate, type Generated, type GenerateOptions } from '../../../src/operations/generate.ts';
import { temporaryDirectory } from '../../cli/mlbom.ts';
import { startRegistry, type FakeRegistry } from '../../fixtures/fake-registry.ts';
import {
  dockerArchive,
  dockerArchiveWithIndex,
  imageOf,
  indexOf,
  layoutArchive,
  writeLayout,
  type RootFixture,
} from '../../fixtures/image-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';
import {
  componentsOf,
  fileOf,
  layersOf,
  modelFiles,
  problemsIn,
  sampleImage,
  subjectOf,
  timestamp,
  valuesOf,
} from './sample-image.ts';

const image = sampleImage();
const diffIds = image.layers.map(({ diffId }) => diffId);

function read(source: string, options: Partial<GenerateOptions> = {}): Promise<Generated> {
  return generate({ sources: [source], timestamp, ...options });
}

/** A file of that content; its path. */
function file(content: Uint8Array, name = 'app.tar'): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  return path;
}

function layout(images: readonly RootFixture[], tags: readonly (string | undefined)[] = []): string {
  const path = join(temporaryDirectory(), 'app');
  writeLayout(path, images, { tags });
  return path;
}

async function running(): Promise<FakeRegistry> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  return registry;
}

/** A registry that gives tokens to one user, whose credentials lie where docker keeps them. */
async function guarded(): Promise<FakeRegistry> {
  const registry = await running();
  registry.options.auth = { kind: 'token', user: 'somebody', password: 'hunter2-canary' };
  const directory = temporaryDirectory();
  const auth = Buffer.from('somebody:hunter2-canary').toString('base64');
  writeFileSync(join(directory, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
  vi.stubEnv('DOCKER_CONFIG', directory);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return registry;
}

/** What must not depend on how the image is kept: its content, and who brought it. */
function contentOf(bom: Bom): unknown {
  const own = new Set(['mlbom:oci:size', 'mlbom:oci:codec', 'mlbom:evidence']);
  const layers = layersOf(bom).map(({ name, properties = [] }) => ({
    name,
    properties: properties.filter((property) => !own.has(property.name)),
  }));
  const subject = subjectOf(bom);
  const others = componentsOf(bom).filter(
    (component) => component !== subject && propertyOf(component, 'mlbom:oci:layer-index') === undefined,
  );
  const { dependencies, compositions, vulnerabilities } = bom;
  return {
    layers,
    components: others.map((component) => ({ ...component, components: undefined })),
    dependencies,
    compositions,
    vulnerabilities,
  };
}

describe('one image, wherever it is kept', async () => {
  const expected = await (async () => {
    const registry = await startRegistry();
    registry.seed(image, 'team/app', 'v1');
    return read(`oci://${registry.host}/team/app:v1`).finally(() => registry.close());
  })();

  it.each<[string, () => string | Promise<string>]>([
    ['a layout', () => `oci-layout:${layout([image], ['v1'])}:v1`],
    ['a layout, by its path alone', () => layout([image])],
    ['an archive of a layout', () => `oci-archive:${file(layoutArchive([image], { tags: ['v1'] }))}:v1`],
    ['an archive of a layout, by its path alone', () => file(layoutArchive([image]))],
    ['a gzipped archive of a layout', () => file(gzipSync(layoutArchive([image])), 'app.tar.gz')],
    ['what docker save wrote', () => `docker-archive:${file(dockerArchive(image, { tags: ['app:v1'] }))}`],
    ['what docker save wrote, by its path alone', () => file(dockerArchive(image, { links: true }))],
    ['what docker save wrote, gzipped', () => file(gzipSync(dockerArchive(image)), 'app.tgz')],
    [
      'what docker save wrote with manifests',
      () => `docker-archive:${file(dockerArchiveWithIndex(image, { tags: ['app:v1'] }))}`,
    ],
    ['Docker’s own media types', () => layout([sampleImage({ docker: true })])],
    [
      'a registry that wants a token',
      async () => {
        const registry = await guarded();
        registry.seed(image, 'team/app', 'v1');
        return `oci://${registry.host}/team/app:v1`;
      },
    ],
  ])('has the same content in %s', async (_, place) => {
    const { bom, inventory } = await read(await place());
    expect(contentOf(bom)).toEqual(contentOf(expected.bom));
    expect(problemsIn(inventory)).toEqual([]);
  });

  it('is layers in their order, with the line of the history that made each', () => {
    const layers = layersOf(expected.bom);
    expect(layers.map((layer) => propertyOf(layer, 'mlbom:oci:diff-id'))).toEqual(diffIds);
    expect(layers.map((layer) => layer['bom-ref'])).toEqual(diffIds.map((diffId) => `layer:${diffId}`));
    expect(layers.map(({ hashes }) => hashes?.[0]?.content)).toEqual(
      image.layers.map(({ digest }) => digest.slice('sha256:'.length)),
    );
    expect(layers.map((layer) => propertyOf(layer, 'mlbom:oci:created-by'))).toEqual([
      'ADD rootfs.tar.xz / # buildkit',
      'RUN |1 TOKEN=… /bin/sh -c pip install torch # buildkit',
      'COPY models /models # buildkit',
    ]);
    expect(layers.map((layer) => propertyOf(layer, 'mlbom:oci:codec'))).toEqual(['gzip', 'zstd', 'none']);
    expect(layers.map((layer) => propertyOf(layer, 'mlbom:oci:layer-files'))).toEqual([
      '{"added":5,"opaque":0,"removed":0,"replaced":0,"whiteouts":0}',
      '{"added":8,"opaque":1,"removed":2,"replaced":1,"whiteouts":1}',
      '{"added":2,"opaque":0,"removed":0,"replaced":0,"whiteouts":0}',
    ]);
    expect(layers.map((layer) => valuesOf(layer, 'mlbom:oci:opaque'))).toEqual([[], ['var/cache/apt'], []]);
  });

  it('tells which layer introduced what', () => {
    const introduced = componentsOf(expected.bom).flatMap((component) =>
      valuesOf(component, 'mlbom:oci:introduced-by').map((by) => `${component.name} ${diffIds.indexOf(by)}`),
    );
    expect(introduced.sort()).toEqual(
      [
        'Python environment usr/lib/python3/dist-packages 1',
        'bash 0',
        'debian 0',
        'model 2',
        'models/tiny/config.json 2',
        'models/tiny/model.safetensors 2',
        'python3-minimal 1',
        'torch 1',
      ].sort(),
    );
    expect(subjectOf(expected.bom)).toMatchObject({ type: 'container', name: 'app' });
    // Three of the base, eight of Python (the link into the base is one), two of the model.
    expect(valuesOf(subjectOf(expected.bom), 'mlbom:oci:files')).toEqual(['13']);
  });
});

describe('what an image is called', () => {
  it('in a registry is its repository, with a package URL of the digest', async () => {
    const registry = await running();
    const digest = registry.seed(image, 'team/app', 'v1');
    const subject = subjectOf((await read(`oci://${registry.host}/team/app:v1`)).bom);
    expect(subject.name).toBe('app');
    expect(decodeURIComponent(subject.purl ?? '')).toBe(
      `pkg:oci/app@${digest}?arch=amd64&repository_url=${registry.host}/team/app&tag=v1`,
    );
    expect(valuesOf(subject, 'mlbom:oci:tag')).toEqual(['v1']);
    expect(valuesOf(subject, 'mlbom:oci:manifest-digest')).toEqual([digest]);
    expect(valuesOf(subject, 'mlbom:oci:platform')).toEqual(['linux/amd64']);
  });

  it.each([
    ['a layout', () => layout([image], ['v1']), 'app', ['v1']],
    ['an archive', () => file(dockerArchive(image, { tags: ['team/app:v1', 'team/app:latest'] })), 'app', 2],
  ])('in %s is the name of the file', async (_, place, name, tags) => {
    const subject = subjectOf((await read(place())).bom);
    expect(subject.name).toBe(name);
    if (typeof tags === 'number') expect(valuesOf(subject, 'mlbom:oci:tag')).toHaveLength(tags);
    else expect(valuesOf(subject, 'mlbom:oci:tag')).toEqual(tags);
  });

  it('without a manifest is the digest of its configuration, and no other is invented', async () => {
    const subject = subjectOf((await read(file(dockerArchive(image)))).bom);
    expect(valuesOf(subject, 'mlbom:hash:scope')).toEqual(['oci-config']);
    expect(valuesOf(subject, 'mlbom:oci:manifest-digest')).toEqual([]);
    expect(subject.hashes).toEqual([{ alg: 'SHA-256', content: image.config.digest.slice(7) }]);
    expect(subject.purl).toBeUndefined();
    for (const layer of layersOf((await read(file(dockerArchive(image)))).bom)) {
      expect(layer.hashes ?? []).toEqual([]);
    }
  });
});

describe('which image is meant', () => {
  const arm = imageOf({
    layers: [{ tar: writeTar(modelFiles) }],
    platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
  });
  const both = indexOf([image, arm]);

  it('has to be said of an index', async () => {
    const place = layout([both]);
    await expect(read(place)).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringMatching(/linux\/amd64.*linux\/arm64/) as string,
    });
    const { bom } = await read(place, { platform: 'linux/arm64' });
    expect(valuesOf(subjectOf(bom), 'mlbom:oci:manifest-digest')).toEqual([arm.manifest.digest]);
    expect(valuesOf(subjectOf(bom), 'mlbom:oci:platform')).toEqual(['linux/arm64/v8']);
    await expect(read(place, { platform: 'linux/s390x' })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      message: expect.stringContaining('linux/s390x') as string,
    });
  });

  it('has to be said of manifests of platforms side by side', async () => {
    const place = layout([image, arm]);
    const { digest } = arm.manifest;
    await expect(read(place)).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringContaining(`linux/arm64/v8 (${digest})`) as string,
    });
    const { bom: chosen } = await read(place, { platform: 'linux/arm64' });
    expect(valuesOf(subjectOf(chosen), 'mlbom:oci:manifest-digest')).toEqual([digest]);
    expect(valuesOf(subjectOf(chosen), 'mlbom:oci:index-digest')).toEqual([]);
    const { bom } = await read(`oci-layout:${place}@${digest}`);
    expect(valuesOf(subjectOf(bom), 'mlbom:oci:manifest-digest')).toEqual([digest]);
    await expect(read(`oci-layout:${place}@${digest}`, { platform: 'linux/amd64' })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });

  it('can be said by platform in a registry, whose index is then in the BOM', async () => {
    const registry = await running();
    const digest = registry.seed(both, 'team/app', 'v1');
    const source = `oci://${registry.host}/team/app:v1`;
    await expect(read(source)).rejects.toMatchObject({ code: 'E_USAGE' });
    const { bom } = await read(source, { platform: 'linux/amd64' });
    expect(valuesOf(subjectOf(bom), 'mlbom:oci:index-digest')).toEqual([digest]);
    expect(valuesOf(subjectOf(bom), 'mlbom:oci:manifest-digest')).toEqual([image.manifest.digest]);
  });

  it('can be said by a tag, or a digest, of several in one layout', async () => {
    const other = sampleImage({ config: { author: 'else' } });
    const place = layout([image, other], ['v1', 'v2']);
    await expect(read(place)).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringMatching(/v1.*v2/s) as string,
    });
    for (const [name, { manifest }] of [
      [':v1', image],
      [':v2', other],
      [`@${other.manifest.digest}`, other],
    ] as const) {
      const { bom } = await read(`oci-layout:${place}${name}`);
      expect(valuesOf(subjectOf(bom), 'mlbom:oci:manifest-digest')).toEqual([manifest.digest]);
    }
    await expect(read(`oci-layout:${place}:v3`)).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      message: expect.stringContaining('v3') as string,
    });
  });

  it('can be said by a name with colons and slashes, of an archive too', async () => {
    for (const [scheme, bytes] of [
      ['oci-archive', layoutArchive([image], { tags: ['docker.io/library/app:v1'] })],
      ['docker-archive', dockerArchive(image, { tags: ['app:v1'] })],
    ] as const) {
      const path = file(bytes);
      for (const name of [':v1', ':app:v1', ':docker.io/library/app:v1']) {
        const { bom } = await read(`${scheme}:${path}${name}`);
        expect(valuesOf(subjectOf(bom), 'mlbom:oci:config-digest')).toEqual([image.config.digest]);
      }
      await expect(read(`${scheme}:${path}:other:v1`)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    }
  });

  it('is a path with a colon where there is one', async () => {
    const path = join(temporaryDirectory(), 'app:v1');
    writeLayout(path, [image]);
    const { bom } = await read(`oci-layout:${path}`);
    expect(valuesOf(subjectOf(bom), 'mlbom:oci:manifest-digest')).toEqual([image.manifest.digest]);
  });
});

describe('dir:', () => {
  it('reads a layout as the files that it is', async () => {
    const place = layout([image]);
    const { bom } = await read(`dir:${place}`);
    expect(valuesOf(subjectOf(bom), 'mlbom:hash:scope')).toEqual(['manifest']);
    expect(layersOf(bom)).toEqual([]);
    expect(fileOf(bom, 'index.json')).toBeDefined();
    expect(fileOf(bom, `blobs/${image.manifest.digest.replace(':', '/')}`)).toBeDefined();
  });

  it('reads an archive as the file that it is', async () => {
    const { bom } = await read(`dir:${file(layoutArchive([image]))}`);
    expect(valuesOf(subjectOf(bom), 'mlbom:oci:manifest-digest')).toEqual([]);
    expect(fileOf(bom, 'app.tar')).toBeDefined();
  });
});
