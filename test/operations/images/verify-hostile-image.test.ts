import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { generate } from '../../../src/operations/generate.ts';
import { verify, type VerifyOptions } from '../../../src/operations/verify.ts';
import { temporaryDirectory } from '../../cli/mlbom.ts';
import {
  artifactOf,
  descriptorOf,
  dockerArchive,
  imageOf,
  indexOf,
  jsonBlob,
  layoutArchive,
  layoutFiles,
  writeLayout,
  type ImageFixture,
  type RootFixture,
} from '../../fixtures/image-writer.ts';
import { writeTar, type TarFile } from '../../fixtures/tar-writer.ts';
import { problemsIn, timestamp, weights } from './sample-image.ts';
import { signBom, type SignedFiles } from './signing-files.ts';

const evilWeights = Buffer.from(weights).fill(7, weights.length - 4);
const good = imageOf({ layers: [{ tar: tarOf(weights) }] });
const evil = imageOf({ layers: [{ tar: tarOf(evilWeights) }] });
const arm = imageOf({ layers: [{ tar: tarOf(weights) }], platform: { os: 'linux', architecture: 'arm64' } });
const beside = { 'vnd.docker.reference.type': 'attestation-manifest' };
const unknown = { os: 'unknown', architecture: 'unknown' };
const s390x = { os: 'linux', architecture: 's390x' };
const bare = ({ manifest, blobs }: ImageFixture): RootFixture => ({ manifest, blobs });

function tarOf(content: Uint8Array): Uint8Array {
  return writeTar([{ name: 'opt/m/model.safetensors', content }]);
}

function layoutOf(roots: readonly RootFixture[], tags: readonly string[] = ['v1']): string {
  const directory = join(temporaryDirectory(), 'app');
  writeLayout(directory, roots, { tags });
  return `oci-layout:${directory}`;
}

function fileOf(bytes: Uint8Array): string {
  const path = join(temporaryDirectory(), 'app.tar');
  writeFileSync(path, bytes);
  return path;
}

async function signed(source: string): Promise<SignedFiles> {
  return signBom((await generate({ sources: [source], timestamp })).bom);
}

/** The outcome and what was said of the bytes. */
async function outcome(
  { bom, key }: SignedFiles,
  at: string,
  options: Partial<VerifyOptions> = {},
): Promise<string> {
  const { verdict } = await verify({ bom, keys: [key], at: [at], ...options });
  const bytes = verdict.checks.filter(({ id }) => id === 'bytes');
  return [verdict.outcome, ...bytes.map(({ why }) => why)].join(': ');
}

describe('an image that is signed by its manifest', () => {
  let bom: SignedFiles;
  beforeEach(async () => {
    bom = await signed(layoutOf([good]));
  });

  it.each([
    ['with another platform', [arm, good]],
    ['twice', [good, { ...good, annotations: { note: 'again' } }]],
    ['with an attestation', [{ ...evil, platform: unknown, annotations: beside }, good]],
    ['in an index of its own', [indexOf([good]), arm]],
  ])('passes where an index has it %s', async (_, roots) => {
    expect(await outcome(bom, layoutOf([indexOf(roots)]))).toMatch(/^pass: /);
  });

  it.each([
    ['beside another for its platform', [evil, good]],
    ['beside another that is called an attestation', [{ ...evil, annotations: beside }, good]],
    ['beside another without a platform', [bare(evil), good]],
    ['beside another that stands for two platforms', [{ ...evil, platform: s390x }, evil, good]],
    ['beside an index for its platform', [{ ...indexOf([bare(evil)]), platform: good.platform }, good]],
    ['called an attestation', [evil, { ...good, annotations: beside }]],
    ['called an attestation of no platform', [evil, { ...good, platform: unknown, annotations: beside }]],
    ['for another platform', [evil, { ...good, platform: s390x }]],
    ['for another platform, alone', [{ ...good, platform: s390x }]],
    ['without a platform, as another', [bare(evil), bare(good)]],
    ['without a platform, as another of another', [bare(arm), bare(good)]],
  ] as [string, RootFixture[]][])('fails where an index has it %s', async (_, roots) => {
    expect(await outcome(bom, layoutOf([indexOf(roots)]))).toMatch(/^fail: .* is not what is run: /);
  });

  it('fails where another platform is asked for', async () => {
    const at = layoutOf([indexOf([good, arm])]);
    expect(await outcome(bom, at, { platform: 'linux/amd64' })).toMatch(/^pass: /);
    expect(await outcome(bom, at, { platform: 'linux/arm64' })).toMatch(/^fail: /);
  });

  it('passes under the variant that its configuration leaves out, and not beside another of it', async () => {
    const layers = (content: Uint8Array) => [{ tar: tarOf(content) }];
    const platform = { os: 'linux', architecture: 'arm' };
    const [own, other] = [weights, evilWeights].map((content) =>
      imageOf({ layers: layers(content), platform }),
    );
    if (!own || !other) throw new Error('two images');
    const ofArm = await signed(layoutOf([own]));
    const as = (image: RootFixture, variant: string) => ({ ...image, platform: { ...platform, variant } });
    const index = (variant: string) => layoutOf([indexOf([as(other, variant), as(own, 'v6')])]);
    expect(await outcome(ofArm, index('v7'))).toMatch(/^pass: /);
    expect(await outcome(ofArm, index('v7'), { platform: 'linux/arm/v6' })).toMatch(/^pass: /);
    expect(await outcome(ofArm, index('v7'), { platform: 'linux/arm/v7' })).toMatch(/^fail: /);
    expect(await outcome(ofArm, index('v7'), { platform: 'linux/arm' })).toMatch(/^fail: /);
    expect(await outcome(ofArm, index('v6'))).toMatch(/^fail: /);
  });

  it('fails where Go reads another index', async () => {
    const index = { Manifests: [descriptorOf(evil.manifest)] };
    const directory = join(temporaryDirectory(), 'app');
    writeLayout(directory, [good, evil], { tags: ['v1', 'v2'], index });
    expect(await outcome(bom, `oci-layout:${directory}:v1`)).toMatch(/^fail: .*Manifests/);
  });

  it('fails where the other list of an archive has another image', async () => {
    const list = (image: ImageFixture, name: string) => ({
      Config: `blobs/${image.config.digest.replace(':', '/')}`,
      RepoTags: [name],
      Layers: image.layers.map(({ digest }) => `blobs/${digest.replace(':', '/')}`),
    });
    const archive = (roots: readonly RootFixture[], manifest: readonly object[]) =>
      fileOf(
        writeTar([
          ...layoutFiles(roots, { tags: ['v1', 'v2'] }),
          { name: 'manifest.json', content: JSON.stringify(manifest) },
        ]),
      );
    const one = archive([good], [list(good, 'app:v1')]);
    expect(await outcome(bom, `docker-archive:${one}`)).toMatch(/^pass: /);
    for (const [path, name] of [
      [archive([good, { ...evil, annotations: beside }], [list(evil, 'app:v1')]), ''],
      [archive([good, evil], [list(good, 'app:v2'), list(evil, 'app:v1')]), ':v1'],
      [archive([indexOf([good, { ...evil, platform: s390x }])], [list(evil, 'app:v1')]), ''],
    ] as const) {
      const said = await outcome(bom, `docker-archive:${path}${name}`);
      expect(said).toMatch(/^fail: .*manifest\.json/);
    }
  });
});

describe('an image that is signed by its configuration', () => {
  let bom: SignedFiles;
  beforeEach(async () => {
    bom = await signed(`docker-archive:${fileOf(dockerArchive(good))}`);
  });

  /** The signed configuration over a layer. */
  function over(bytes: Uint8Array, mediaType: string, configType = good.config.mediaType): RootFixture {
    const layer = { bytes, mediaType };
    const { manifest, blobs } = artifactOf({
      config: { mediaType: configType, bytes: good.config.bytes },
      layers: [layer],
    });
    return { manifest, blobs };
  }

  it.each(['tar', 'tar+gzip'])('passes where its layer is a %s', async (form) => {
    const type = `application/vnd.oci.image.layer.v1.${form}`;
    const bytes = form === 'tar' ? tarOf(weights) : gzipSync(tarOf(weights));
    expect(await outcome(bom, layoutOf([over(bytes, type)]))).toMatch(/^pass: the configuration/);
  });

  it.each([
    'application/vnd.oci.image.layer.v1.tar+GZIP',
    'application/vnd.oci.image.layer.v1.tar+lz4',
    'application/octet-stream',
    'application/vnd.ollama.image.model',
    'application/vnd.oci.image.layer.v1.tar+gzip',
  ])('fails where its layer is another one that is called %s', async (type) => {
    const bytes = gzipSync(tarOf(evilWeights));
    for (const config of [good.config.mediaType, 'application/octet-stream', 'text/html']) {
      expect(await outcome(bom, layoutOf([over(bytes, type, config)]))).toMatch(/^fail: /);
    }
  });

  it('fails where bytes follow a packed layer, and where there is none', async () => {
    const type = 'application/vnd.oci.image.layer.v1.tar+gzip';
    const followed = Buffer.concat([gzipSync(tarOf(weights)), Buffer.from('\0more')]);
    expect(await outcome(bom, layoutOf([over(followed, type)]))).toMatch(/^fail: .*follow/);
    const { manifest, blobs } = artifactOf({
      config: { mediaType: 'text/html', bytes: good.config.bytes },
      layers: [],
    });
    expect(await outcome(bom, layoutOf([{ manifest, blobs }]))).toMatch(/^fail: /);
  });

  it('fails where another image has its place in an index', async () => {
    const roots = [{ ...evil, annotations: beside }, good];
    expect(await outcome(bom, layoutOf([indexOf(roots)]))).toMatch(/^fail: .* is not what is run/);
  });
});

describe('files that were signed', () => {
  const empty = { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') };
  const title = 'org.opencontainers.image.title';
  const files = artifactOf({
    config: empty,
    layers: [
      {
        bytes: weights,
        mediaType: 'application/octet-stream',
        annotations: { [title]: 'model.safetensors' },
      },
    ],
  });

  function directoryOf(content: Uint8Array): string {
    const directory = join(temporaryDirectory(), 'tiny');
    writeLayout(directory, []);
    writeFileSync(join(directory, 'model.safetensors'), content);
    return directory;
  }

  it('are those that lie there, and no image that was put among them', async () => {
    const plain = temporaryDirectory();
    writeFileSync(join(plain, 'model.safetensors'), weights);
    for (const bom of [await signed(plain), await signed(layoutOf([files]))]) {
      expect(await outcome(bom, plain)).toMatch(/^pass: /);
      expect(await outcome(bom, layoutOf([files]))).toMatch(/^pass: /);
      const layout = layoutOf([files]).slice('oci-layout:'.length);
      expect(await outcome(bom, layout)).toMatch(/^fail: not part of the signed artifact/);
      expect(await outcome(bom, fileOf(layoutArchive([files])))).toMatch(/^fail: not part/);
      const planted = directoryOf(evilWeights);
      writeLayout(planted, [files], { tags: ['v1'] });
      expect(await outcome(bom, planted)).toMatch(/^fail: .*content differs/);
    }
  });

  it('are described as files where a layout was put among them', async () => {
    const planted = directoryOf(evilWeights);
    writeLayout(planted, [files], { tags: ['v1'] });
    const { bom } = await generate({ sources: [planted], timestamp });
    expect(JSON.stringify(bom)).toContain('blobs/sha256/');
    expect(bom.metadata?.component?.properties?.map(({ name }) => name)).not.toContain(
      'mlbom:oci:manifest-digest',
    );
  });

  it.each<[string, TarFile[], TarFile[]]>([
    ['a link that leads nowhere', [], [{ name: 'x', type: '2', link: '/etc/passwd' }]],
    [
      'a link to a directory',
      [],
      [
        { name: 'd/', type: '5' },
        { name: 'x', type: '2', link: 'd' },
      ],
    ],
    ['a device', [], [{ name: 'x', type: '3' }]],
    ['a name that leaves the root', [], [{ name: '../x', content: 'x' }]],
    ['a whiteout', [], [{ name: '.wh.x' }]],
    ['an opaque directory', [], [{ name: 'd/', type: '5' }, { name: 'd/.wh..wh..opq' }]],
    ['other content under the name', [{ name: 'model.safetensors', content: evilWeights }], []],
    ['a link under the name', [{ name: 'model.safetensors', type: '2', link: '../evil' }], []],
  ])('are no artifact that has %s too', async (_, lower, more) => {
    const plain = temporaryDirectory();
    writeFileSync(join(plain, 'model.safetensors'), weights);
    const bom = await signed(plain);
    const own: TarFile[] = [{ name: 'model.safetensors', content: weights }];
    const packed = (...layers: TarFile[][]) =>
      artifactOf({
        config: empty,
        layers: layers.map((members) => ({
          mediaType: 'application/vnd.oci.image.layer.v1.tar',
          bytes: writeTar(members),
        })),
      });
    expect(await outcome(bom, layoutOf([packed(own)]))).toMatch(/^pass: /);
    expect(await outcome(bom, layoutOf([packed(lower, [...own, ...more])]))).toMatch(/^fail: /);
  });

  it('are not those of an archive that shares the configuration', async () => {
    const bom = await signed(layoutOf([files]));
    const archive = writeTar([
      { name: 'c.json', content: '{}' },
      { name: 'manifest.json', content: JSON.stringify([{ Config: 'c.json', Layers: [] }]) },
    ]);
    expect(await outcome(bom, `docker-archive:${fileOf(archive)}`)).toMatch(/^fail: .*covers no layers/);
  });
});

describe('an image whose configuration calls itself something else', () => {
  const promise = (diffId = evil.layers[0]?.diffId) => ({ rootfs: { type: 'layers', diff_ids: [diffId] } });
  const named = (type: string, config: object, annotations?: Record<string, string>): RootFixture => {
    const blob = jsonBlob(type, config);
    const { manifest, blobs } = artifactOf({
      config: { mediaType: type, bytes: blob.bytes },
      layers: evil.layers.map(({ bytes, mediaType }) => ({
        bytes,
        mediaType,
        ...(annotations ? { annotations } : {}),
      })),
    });
    return { manifest, blobs };
  };

  it.each(['application/octet-stream', 'application/json', 'text/html'])(
    'is read as one: %s',
    async (type) => {
      const titles = { 'org.opencontainers.image.title': 'README.md' };
      for (const annotations of [undefined, titles]) {
        const source = layoutOf([named(type, promise(), annotations)]);
        const { bom, inventory } = await generate({ sources: [source], timestamp });
        expect(JSON.stringify(bom)).toContain('opt/m/model.safetensors');
        expect(problemsIn(inventory)).toEqual([]);
        const wrong = layoutOf([named(type, promise(`sha256:${'0'.repeat(64)}`), annotations)]);
        await expect(generate({ sources: [wrong], timestamp })).rejects.toMatchObject({ code: 'E_DIGEST' });
      }
    },
  );
});
