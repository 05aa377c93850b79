import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResolvedImage } from '../../../src/core/image.ts';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import { memorySource } from '../../../src/formats/memory-source.ts';
import { indexArchive } from '../../../src/stores/oci/index-archive.ts';
import { openArchive } from '../../../src/stores/oci/open-archive.ts';
import { recogniseImage } from '../../../src/stores/oci/recognise-image.ts';
import { resolveImage } from '../../../src/stores/oci/resolve-image.ts';
import { survivesHostileBytes } from '../../fixtures/hostile-bytes.ts';
import {
  dockerArchive,
  dockerArchiveWithIndex,
  imageOf,
  indexOf,
  layoutArchive,
  layoutFiles,
  zstdFrame,
  type ImageFixture,
  type RootFixture,
} from '../../fixtures/image-writer.ts';
import { writeTar, type TarFile } from '../../fixtures/tar-writer.ts';
import { collect, temporaryDirectory } from '../temporary-directory.ts';
import { told } from './told.ts';

const one = { tar: Buffer.from('one'), createdBy: 'ADD one' };
const image = imageOf({ layers: [one, { tar: Buffer.from('two') }] });
const other = imageOf({ layers: [{ tar: Buffer.from('other') }] });
const twice = imageOf({ layers: [one, { tar: Buffer.from('two') }, one] });

/** Temporary files of the code under test, where the test sees them. */
let spool = '';

beforeEach(() => {
  spool = temporaryDirectory();
  vi.stubEnv('TMPDIR', spool);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function copies(): string[] {
  return readdirSync(spool).filter((name) => name.startsWith('mlbom-image-'));
}

function fileOf(bytes: Uint8Array, name = 'image.tar'): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, bytes);
  return path;
}

async function resolved(bytes: Uint8Array, name?: string): Promise<ResolvedImage> {
  return resolveImage(await openArchive(fileOf(bytes), { name }));
}

async function contents(resolvedImage: ResolvedImage): Promise<string[]> {
  const texts = resolvedImage.layers.map(async (layer) => {
    const parts = await collect((await layer.open()).stream());
    return Buffer.concat(parts).toString('latin1');
  });
  return Promise.all(texts);
}

describe('openArchive', () => {
  it('reads a tar of a layout', async () => {
    const store = await openArchive(fileOf(layoutArchive([image], { tags: ['v1'] }), 'app.tar'));
    expect(store).toMatchObject({ kind: 'oci-archive', name: 'app', tags: ['v1'] });
    const found = await resolveImage(store);
    expect(found.manifest?.descriptor.digest).toEqual(parseDigest(image.manifest.digest));
    expect(await contents(found)).toEqual(
      image.layers.map(({ bytes }) => Buffer.from(bytes).toString('latin1')),
    );
  });

  it.each([
    ['under the names in the list', false],
    ['behind links', true],
  ])('reads what docker save wrote, its layers %s', async (_, links) => {
    const store = await openArchive(
      fileOf(dockerArchive(twice, { tags: ['registry.example.org/team/app:v1'], links })),
    );
    expect(store).toMatchObject({
      kind: 'docker-archive',
      tags: ['v1'],
      repository: 'registry.example.org/team/app',
    });
    const found = await resolveImage(store);
    expect(found.manifest).toBeUndefined();
    expect(found.config.digest).toEqual(parseDigest(twice.config.digest));
    expect(found.layers.map(({ diffId, history }) => [diffId?.hex, history?.createdBy])).toEqual(
      twice.layers.map(({ diffId }, at) => [diffId.slice(7), at === 1 ? 'layer 1' : 'ADD one']),
    );
    expect(await contents(found)).toEqual(['one', 'two', 'one']);
  });

  it('follows hard links', async () => {
    const tar = writeTar([
      { name: 'c.json', content: other.config.bytes },
      { name: 'a/layer.tar', content: 'other' },
      { name: 'b/layer.tar', type: '1', link: 'a/layer.tar' },
      { name: 'manifest.json', content: JSON.stringify([{ Config: 'c.json', Layers: ['b/layer.tar'] }]) },
    ]);
    expect(await contents(await resolved(tar))).toEqual(['other']);
  });

  it('reads the layout in what docker save writes', async () => {
    const store = await openArchive(fileOf(dockerArchiveWithIndex(image, { tags: ['v1'] })));
    expect(store.kind).toBe('docker-archive');
    expect((await resolveImage(store)).manifest?.descriptor.digest).toEqual(
      parseDigest(image.manifest.digest),
    );
  });

  describe('with a layout and a list of its own', () => {
    const saved = ({ config }: ImageFixture, ...RepoTags: string[]): object => ({
      Config: `blobs/${config.digest.replace(':', '/')}`,
      RepoTags,
      Layers: [],
    });
    const both = (roots: readonly RootFixture[], tags: readonly string[], list: readonly object[]) =>
      writeTar([...layoutFiles(roots, { tags }), { name: 'manifest.json', content: JSON.stringify(list) }]);
    const beside = { ...other, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } };
    const arm = imageOf({
      layers: [{ tar: Buffer.from('arm') }],
      platform: { os: 'linux', architecture: 'arm64' },
    });
    const two = both([image, other], ['v1', 'v2'], [saved(image, 'app:v1'), saved(other, 'app:v2')]);

    it('reads the image that a name means in both', async () => {
      for (const [name, one] of [
        ['v1', image],
        ['v2', other],
        [image.manifest.digest, image],
      ] as const) {
        expect((await resolved(two, name)).config.digest).toEqual(parseDigest(one.config.digest));
      }
      expect(await told(resolved(two))).toMatch(/^E_USAGE image-ambiguous/);
    });

    it('takes of several platforms the one in the list', async () => {
      const file = fileOf(both([indexOf([image, arm])], ['v1'], [saved(image, 'app:v1')]));
      const of = async (architecture: string) =>
        resolveImage(await openArchive(file), { platform: { os: 'linux', architecture } });
      expect((await of('amd64')).config.digest).toEqual(parseDigest(image.config.digest));
      expect(await told(of('arm64'))).toMatch(/^E_MALFORMED archive-disagrees/);
    });

    it.each([
      ['another one', both([image, other], ['v1', 'v2'], [saved(other, 'app:v1')]), 'v1'],
      [
        'another one, under exchanged names',
        both([image, other], ['v1', 'v2'], [saved(image, 'app:v2'), saved(other, 'app:v1')]),
        'v1',
      ],
      ['what the layout calls an attestation', both([image, beside], ['v1'], [saved(other)]), undefined],
      [
        'two under the name',
        both([image, other], ['v1', 'v2'], [saved(image, 'app:v1'), saved(other, 'app:v1')]),
        'v1',
      ],
      ['none', both([image], ['v1'], []), undefined],
    ])('is refused where the list has %s', async (_, bytes, name) => {
      expect(await told(resolved(bytes, name))).toMatch(/^E_MALFORMED archive-disagrees/);
    });
  });

  it('unpacks a gzipped one to a file that only its user can read, and removes it', async () => {
    const store = await openArchive(fileOf(gzipSync(layoutArchive([image])), 'app.tar.gz'));
    expect(store.name).toBe('app');
    const [layer] = (await resolveImage(store)).layers;
    const file = String((await layer?.open())?.local?.file);
    expect(dirname(dirname(file))).toBe(spool);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    await store.close();
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('unpacks one that zstd packed', async () => {
    const store = await openArchive(fileOf(zstdFrame(layoutArchive([image])), 'app.tar.zst'));
    expect(store.name).toBe('app');
    expect((await resolveImage(store)).layers).toHaveLength(2);
    await store.close();
    const broken = zstdFrame(layoutArchive([image])).subarray(0, 900);
    expect(await told(openArchive(fileOf(broken)))).toMatch(/^E_MALFORMED zstd-broken: .*image\.tar: zstd/);
    expect(copies()).toEqual([]);
  });

  it('leaves nothing behind when a gzipped one is refused', async () => {
    const packed = gzipSync(writeTar([{ name: 'a', content: 'a' }]));
    expect(await told(openArchive(fileOf(packed)))).toMatch(/^E_UNSUPPORTED image-archive/);
    const cut = openArchive(fileOf(packed.subarray(0, 40)));
    expect(await told(cut)).toMatch(/^E_MALFORMED gzip-broken: .*image\.tar: gzip/);
    const followed = Buffer.concat([packed, Buffer.from('more')]);
    expect(await told(openArchive(fileOf(followed)))).toMatch(/^E_MALFORMED /);
    const hidden = Buffer.concat([packed, Buffer.from('\0more')]);
    expect(await told(openArchive(fileOf(hidden)))).toMatch(
      /^E_MALFORMED archive-trailing-data: .*bytes after the end/,
    );
    expect(copies()).toEqual([]);
  });

  it('reads members of gzip one after the other, and zeros after them', async () => {
    const tar = layoutArchive([image]);
    const packed = Buffer.concat([
      gzipSync(tar.subarray(0, 700)),
      gzipSync(tar.subarray(700)),
      Buffer.alloc(512),
    ]);
    expect((await resolved(packed)).layers).toHaveLength(2);
  });

  it('finds one of several saved images by its tag or its id', async () => {
    const list = [image, other].map((saved, at) => ({
      Config: `${saved.config.digest.slice(7)}.json`,
      RepoTags: [`app:v${at}`],
      Layers: saved.layers.map(({ diffId }) => `${diffId.slice(7)}.tar`),
    }));
    const files = [image, other].flatMap((saved): TarFile[] => [
      { name: `${saved.config.digest.slice(7)}.json`, content: saved.config.bytes },
      ...saved.layers.map(({ diffId, tar }): TarFile => ({ name: `${diffId.slice(7)}.tar`, content: tar })),
    ]);
    const tar = writeTar([...files, { name: 'manifest.json', content: JSON.stringify(list) }]);
    for (const name of ['app:v1', 'v1', 'docker.io/library/app:v1', other.config.digest]) {
      expect((await resolved(tar, name)).config.digest).toEqual(parseDigest(other.config.digest));
    }
    expect(await told(resolved(tar))).toMatch(/^E_USAGE image-ambiguous: .*app:v0, app:v1/);
    expect(await told(resolved(tar, 'v9'))).toMatch(/^E_NOT_FOUND image-not-found: .*v9.*app:v0/);
  });
});

describe('an archive that was tampered with', () => {
  const files = layoutFiles([image]);
  const config = `${image.config.digest.slice(7)}.json`;

  function classic(change: (files: TarFile[]) => TarFile[]): Uint8Array {
    const saved = { Config: config, RepoTags: null, Layers: ['1.tar', '2.tar'] };
    return writeTar(
      change([
        { name: config, content: image.config.bytes },
        { name: '1.tar', content: 'one' },
        { name: '2.tar', content: 'two' },
        { name: 'manifest.json', content: JSON.stringify([saved]) },
      ]),
    );
  }

  function replaced(name: string, by: Partial<TarFile>): Uint8Array {
    return classic((members) =>
      members.map((member) => (member.name === name ? { ...member, ...by } : member)),
    );
  }

  it.each([
    [
      'a name stands in it twice',
      writeTar([...files, { name: './index.json', content: '{}' }]),
      /^E_MALFORMED archive-duplicate: .*index\.json/,
    ],
    [
      'bytes follow its end',
      Buffer.concat([writeTar(files), Buffer.from('more')]),
      /^E_MALFORMED archive-trailing-data/,
    ],
    [
      'blocks follow its end',
      Buffer.concat([writeTar(files), Buffer.alloc(512, 1)]),
      /^E_MALFORMED archive-trailing-data/,
    ],
    [
      'members follow its end',
      Buffer.concat([writeTar(files), writeTar([{ name: 'index.json' }])]),
      /^E_MALFORMED archive-after-end/,
    ],
    [
      'a name leads out of it',
      writeTar([...files, { name: '../x' }]),
      /^E_MALFORMED archive-name: .*image\.tar: the name/,
    ],
    ['it is cut', writeTar(files).subarray(0, 1600), /^E_MALFORMED tar-truncated: .*image\.tar: /],
    ['it is no tar', Buffer.alloc(1024, 1), /^E_MALFORMED tar-checksum/],
    ['it is no image', writeTar([{ name: 'a' }]), /^E_UNSUPPORTED image-archive/],
    [
      'the configuration is edited',
      replaced(config, { content: Buffer.from(image.config.bytes).toString().replace('ADD one', 'ADD two') }),
      /^E_DIGEST image-digest: the configuration sha256:/,
    ],
    [
      'a layer is missing',
      classic((members) => members.filter(({ name }) => name !== '2.tar')),
      /^E_NOT_FOUND image-blob-missing: .*layer 2 of 2 2\.tar/,
    ],
    [
      'a link leads out of it',
      replaced('1.tar', { type: '2', content: '', link: '../../etc/passwd' }),
      /^E_MALFORMED archive-links/,
    ],
    [
      'a link leads to the root of the machine',
      replaced('1.tar', { type: '2', content: '', link: '/2.tar' }),
      /^E_MALFORMED archive-links/,
    ],
    [
      'a link leads to itself',
      replaced('1.tar', { type: '2', content: '', link: '1.tar' }),
      /^E_MALFORMED archive-links: .*more than 8 links/,
    ],
    ['a layer is a device', replaced('1.tar', { type: '3', content: '' }), /^E_MALFORMED archive-member/],
    ['a layer is a directory', replaced('1.tar', { type: '5', content: '' }), /^E_MALFORMED archive-member/],
    [
      'a layer is not in the list',
      replaced('manifest.json', { content: JSON.stringify([{ Config: config, Layers: ['1.tar'] }]) }),
      /^E_MALFORMED image-layer-count: .*2 diffIDs for 1 layers/,
    ],
    [
      'its two lists mean different images',
      writeTar([
        ...layoutFiles([image]),
        { name: 'c.json', content: other.config.bytes },
        { name: 'manifest.json', content: JSON.stringify([{ Config: 'c.json', Layers: [] }]) },
      ]),
      /^E_MALFORMED archive-disagrees: .*sha256:/,
    ],
  ])('ends when %s', async (_, bytes, expected) => {
    expect(await told(resolved(bytes))).toMatch(expected);
  });

  it('ends when a blob is edited', async () => {
    const edited = files.map((file) =>
      file.name.endsWith(image.config.digest.slice(7)) ? { ...file, content: '{}' } : file,
    );
    expect(await told(resolved(writeTar(edited)))).toMatch(
      /^E_DIGEST image-digest: the configuration sha256:/,
    );
  });

  describe('index', () => {
    survivesHostileBytes((source) => indexArchive(source, 'it'), writeTar([{ name: 'a', content: 'a' }]), {
      refusesEveryTruncation: false,
    });
  });

  it('ends in an image or an MlbomError when some bytes are others', async () => {
    const bytes = dockerArchive(other, { links: true });
    const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 }));
    const path = fileOf(bytes);
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const hostile = Uint8Array.from(bytes);
        for (const [at, value] of changes) hostile[at] = value;
        writeFileSync(path, hostile);
        await told(openArchive(path).then((store) => resolveImage(store)));
        await told(recogniseImage(path));
      }),
      { numRuns: 300 },
    );
    expect(await indexArchive(memorySource(bytes), 'it')).toBeDefined();
  });
});
