import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeBom } from '../../../src/bom/write.ts';
import type { Bom } from '../../../src/core/bom.ts';
import { attachTo } from '../../../src/operations/attach-to.ts';
import { generate } from '../../../src/operations/generate.ts';
import { verify, type VerifyOptions } from '../../../src/operations/verify.ts';
import { temporaryDirectory } from '../../cli/mlbom.ts';
import { digestOf } from '../../fixtures/fake-registry-answers.ts';
import { startRegistry, type FakeRegistry } from '../../fixtures/fake-registry.ts';
import {
  artifactOf,
  dockerArchive,
  dockerArchiveWithIndex,
  imageOf,
  indexOf,
  layoutArchive,
  writeLayout,
  type RootFixture,
} from '../../fixtures/image-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';
import { modelFiles, sampleImage, subjectOf, timestamp, valuesOf } from './sample-image.ts';
import { keyFiles, signBom, type KeyFiles, type SignedFiles } from './signing-files.ts';

const image = sampleImage();
/** What somebody would like to run in its place. */
const other = sampleImage({ config: { author: 'else' } });
const [firstLayer] = image.layers;
if (!firstLayer) throw new Error('the image has layers');

async function bomOf(source: string, platform?: string): Promise<Bom> {
  return (await generate({ sources: [source], timestamp, platform })).bom;
}

/** `bundle:pass signature:fail …`, informational ones in brackets, after the verdict. */
async function outcome(bom: string, key: string, options: Partial<VerifyOptions> = {}): Promise<string> {
  const { verdict } = await verify({ bom, keys: [key], at: [], ...options });
  const checks = verdict.checks.map(({ id, outcome: each, required }) =>
    required ? `${id}:${each}` : `(${id}:${each})`,
  );
  return [verdict.outcome, ...checks].join(' ');
}

const passed =
  'pass bundle:pass signature:pass identity:pass statement:pass image:pass plain-bom:pass bom:pass (artifact:unknown) manifest:pass bytes:pass';

interface Place {
  /** The image that is signed and carries its BOM. */
  readonly source: string;
  /** Changes what the place keeps under a digest; `undefined` removes it. */
  keep(digest: string, bytes: Uint8Array | undefined): void;
  /** Makes the tag lead to another image that is there too. */
  moveTo(root: RootFixture): void;
}

async function inRegistry(root: RootFixture = image): Promise<Place & { registry: FakeRegistry }> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  registry.seed(root, 'team/app', 'v1');
  return {
    registry,
    source: `oci://${registry.host}/team/app:v1`,
    keep(digest, bytes) {
      if (bytes) registry.blobs.set(digest, bytes);
      else registry.blobs.delete(digest);
    },
    moveTo: (next) => registry.seed(next, 'team/app', 'v1'),
  };
}

function inLayout(root: RootFixture = image): Place & { directory: string } {
  const directory = join(temporaryDirectory(), 'app');
  writeLayout(directory, [root], { tags: ['v1'] });
  return {
    directory,
    source: `oci-layout:${directory}:v1`,
    keep(digest, bytes) {
      const path = join(directory, 'blobs', digest.replace(':', '/'));
      if (bytes) writeFileSync(path, bytes);
      else rmSync(path);
    },
    moveTo(next) {
      const path = join(directory, 'index.json');
      const before = readFileSync(path, 'utf8');
      writeLayout(directory, [next], { tags: ['v1'] });
      const index = JSON.parse(before) as { manifests: { digest: string }[] };
      const now = JSON.parse(readFileSync(path, 'utf8')) as { manifests: { digest: string }[] };
      index.manifests.splice(0, 1, ...now.manifests);
      writeFileSync(path, JSON.stringify(index));
    },
  };
}

async function attached(place: Place, keys: KeyFiles, about = place.source): Promise<SignedFiles> {
  const signed = await signBom(await bomOf(about), keys);
  await attachTo(place.source, { bom: signed.bomBytes, bundle: signed.bundleBytes });
  return signed;
}

describe.each(['registry', 'registry without referrers', 'layout'] as const)('an image in a %s', (kind) => {
  let place: Place;
  let keys: KeyFiles;

  beforeEach(async () => {
    keys = keyFiles();
    const registry = kind === 'layout' ? undefined : await inRegistry();
    if (registry && kind !== 'registry') registry.registry.options.referrers = 'off';
    place = registry ?? inLayout();
  });

  it('verifies by the signed BOM that was put beside it', async () => {
    const { bom } = await attached(place, keys);
    expect(await outcome(place.source, keys.publicKey)).toBe(passed);
    expect(await outcome(bom, keys.publicKey, { at: [place.source] })).toMatch(/^pass /);
    const { artifacts, signer } = await verify({ bom: place.source, keys: [keys.publicKey], at: [] });
    expect(artifacts).toEqual([{ name: 'app', digest: image.manifest.digest.slice(7) }]);
    expect(signer).toBeDefined();
  });

  it('has the same BOM before and after', async () => {
    const before = writeBom(await bomOf(place.source));
    await attached(place, keys);
    expect(writeBom(await bomOf(place.source))).toBe(before);
    // Nor does putting it there again change anything.
    await attached(place, keys);
    expect(await outcome(place.source, keys.publicKey)).toBe(passed);
  });

  it('fails when its tag leads to another image', async () => {
    const { bom } = await attached(place, keys);
    place.moveTo(other);
    expect(await outcome(place.source, keys.publicKey)).toMatch(/^fail bundle:fail/);
    const { verdict } = await verify({ bom, keys: [keys.publicKey], at: [place.source] });
    const bytes = verdict.checks.find(({ id }) => id === 'bytes');
    expect(bytes).toMatchObject({
      outcome: 'fail',
      expected: image.manifest.digest,
      actual: other.manifest.digest,
    });
  });

  it('fails when a layer is another one, and names it', async () => {
    const { bom } = await attached(place, keys);
    const evil = Buffer.from(firstLayer.bytes);
    evil[evil.length - 5] = (evil[evil.length - 5] ?? 0) ^ 1;
    place.keep(firstLayer.digest, evil);
    for (const options of [
      { bom: place.source, at: [] },
      { bom, at: [place.source] },
    ]) {
      const { verdict } = await verify({ ...options, keys: [keys.publicKey] });
      expect(verdict.outcome).toBe('fail');
      const bytes = verdict.checks.find(({ id }) => id === 'bytes');
      expect(bytes?.why).toContain(firstLayer.digest);
      expect(bytes?.why).toContain('layer 1 of 3');
    }
  });

  it('is undecided when a layer is not there', async () => {
    const { bom } = await attached(place, keys);
    place.keep(firstLayer.digest, undefined);
    for (const options of [
      { bom: place.source, at: [] },
      { bom, at: [place.source] },
    ]) {
      const { verdict } = await verify({ ...options, keys: [keys.publicKey] });
      expect(verdict.outcome).toBe('unknown');
      expect(verdict.checks.find(({ id }) => id === 'bytes')?.why).toContain(firstLayer.digest);
    }
  });

  it('fails when the bundle beside it was replaced', async () => {
    const signed = await attached(place, keys);
    const stranger = await signBom(await bomOf(place.source));
    place.keep(digestOf(signed.bundleBytes), stranger.bundleBytes);
    expect(await outcome(place.source, keys.publicKey)).toMatch(/^fail bundle:fail/);
  });

  it('fails without a bundle, and with the bundle of a stranger', async () => {
    expect(await outcome(place.source, keys.publicKey)).toMatch(/^fail bundle:fail/);
    await attached(place, keyFiles());
    expect(await outcome(place.source, keys.publicKey)).toMatch(/^fail bundle:pass signature:fail/);
  });

  it('fails beside an unsigned BOM of it', async () => {
    await attached(place, keys);
    const bytes = Buffer.from(writeBom({ ...(await bomOf(place.source)), version: 2 }));
    const planted = artifactOf({
      artifactType: 'application/vnd.cyclonedx+json',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') },
      layers: [{ mediaType: 'application/vnd.cyclonedx+json', bytes }],
      manifest: {
        subject: {
          mediaType: image.manifest.mediaType,
          digest: image.manifest.digest,
          size: image.manifest.bytes.length,
        },
      },
    });
    plant(place, planted);
    expect(await outcome(place.source, keys.publicKey)).toMatch(/^fail .*plain-bom:fail/);
  });

  it('does not take a BOM of another image', async () => {
    const signed = await signBom(await bomOf(inLayout(other).source), keys);
    const documents = { bom: signed.bomBytes, bundle: signed.bundleBytes };
    await expect(attachTo(place.source, documents)).rejects.toMatchObject({
      code: 'E_DIGEST',
      message: expect.stringContaining(image.manifest.digest) as string,
    });
    const mine = await signBom(await bomOf(place.source), keys);
    await expect(
      attachTo(place.source, { bom: mine.bomBytes, bundle: signed.bundleBytes }),
    ).rejects.toMatchObject({ code: 'E_USAGE' });
    expect(await outcome(place.source, keys.publicKey)).toMatch(/^fail bundle:fail/);
  });

  it('can be known by its signature alone', async () => {
    await attached(place, keys);
    place.keep(firstLayer.digest, undefined);
    expect(await outcome(place.source, keys.publicKey, { signatureOnly: true })).toMatch(
      /^pass .*\(bytes:unknown\)$/,
    );
  });

  it('can be verified somewhere else', async () => {
    await attached(place, keys);
    const { source } = inLayout();
    expect(await outcome(place.source, keys.publicKey, { at: [source] })).toBe(passed);
    const evil = inLayout(other);
    expect(await outcome(place.source, keys.publicKey, { at: [evil.source] })).toMatch(/bytes:fail$/);
  });
});

/** A manifest that names its subject, as a registry or a layout lists it. */
function plant(place: Place, root: RootFixture): void {
  if ('registry' in place) {
    const { registry } = place as Place & { registry: FakeRegistry };
    const digest = registry.seed(root, 'team/app');
    if (registry.options.referrers !== 'off') return;
    const tag = `team/app:sha256-${image.manifest.digest.slice(7)}`;
    const list = registry.manifests.get(`team/app@${registry.tags.get(tag) ?? ''}`);
    const index = JSON.parse(Buffer.from(list?.bytes ?? '').toString()) as { manifests: object[] };
    index.manifests.push({ mediaType: root.manifest.mediaType, digest, size: root.manifest.bytes.length });
    const bytes = Buffer.from(JSON.stringify(index));
    registry.manifests.set(`team/app@${digestOf(bytes)}`, { bytes, mediaType: list?.mediaType ?? '' });
    registry.tags.set(tag, digestOf(bytes));
    return;
  }
  const { directory } = place as Place & { directory: string };
  for (const [digest, bytes] of root.blobs) place.keep(digest, bytes);
  const path = join(directory, 'index.json');
  const index = JSON.parse(readFileSync(path, 'utf8')) as { manifests: object[] };
  const { mediaType, digest, bytes } = root.manifest;
  index.manifests.push({ mediaType, digest, size: bytes.length });
  writeFileSync(path, JSON.stringify(index));
}

describe('a BOM of an image', () => {
  const places = {
    registry: async (root: typeof image) => (await inRegistry(root)).source,
    layout: (root: typeof image) => inLayout(root).source,
    archive: (root: typeof image) => `oci-archive:${archive(layoutArchive([root]))}`,
    'docker archive': (root: typeof image) => archive(dockerArchive(root)),
    'docker archive with manifests': (root: typeof image) => archive(dockerArchiveWithIndex(root)),
  } as const;
  const names = Object.keys(places) as (keyof typeof places)[];

  it.each(names)('verifies at a %s', async (name) => {
    const signed = await signBom(await bomOf(inLayout().source));
    expect(await outcome(signed.bom, signed.key, { at: [await places[name](image)] })).toMatch(/^pass /);
    expect(await outcome(signed.bom, signed.key, { at: [await places[name](other)] })).toMatch(
      /^fail .*bytes:fail$/,
    );
  });

  it.each(names)('made from a docker archive verifies at a %s, by its configuration', async (name) => {
    const signed = await signBom(await bomOf(archive(dockerArchive(image))));
    expect(await outcome(signed.bom, signed.key, { at: [await places[name](image)] })).toMatch(/^pass /);
    expect(await outcome(signed.bom, signed.key, { at: [await places[name](other)] })).toMatch(
      /^fail .*bytes:fail$/,
    );
  });

  it('is undecided where nothing is, and fails at a directory of files', async () => {
    const signed = await signBom(await bomOf(inLayout().source));
    const none = `oci-layout:${join(temporaryDirectory(), 'none')}`;
    expect(await outcome(signed.bom, signed.key, { at: [none] })).toMatch(/^unknown .*bytes:unknown$/);
    expect(await outcome(signed.bom, signed.key, { at: [temporaryDirectory()] })).toMatch(/bytes:fail$/);
    const { registry, source } = await inRegistry();
    registry.options.auth = { kind: 'basic', user: 'a', password: 'b' };
    expect(await outcome(signed.bom, signed.key, { at: [source] })).toMatch(/^unknown .*bytes:unknown$/);
  });

  it('of one platform verifies where several lie side by side', async () => {
    const arm = imageOf({
      layers: [{ tar: writeTar(modelFiles) }],
      platform: { os: 'linux', architecture: 'arm64' },
    });
    const directory = join(temporaryDirectory(), 'app');
    writeLayout(directory, [image, arm]);
    const [source, platform] = [`oci-layout:${directory}`, 'linux/arm64'];
    const keys = keyFiles();
    const signed = await signBom(await bomOf(source, platform), keys);
    await attachTo(source, { bom: signed.bomBytes, bundle: signed.bundleBytes });
    expect(await outcome(signed.bom, keys.publicKey, { at: [source] })).toMatch(/^pass /);
    expect(await outcome(source, keys.publicKey, { platform })).toBe(passed);
    expect(writeBom(await bomOf(source, platform))).toBe(signed.bomBytes.toString());
  });

  it('of one platform verifies at the index of several', async () => {
    const arm = imageOf({
      layers: [{ tar: writeTar(modelFiles) }],
      platform: { os: 'linux', architecture: 'arm64' },
    });
    const both = indexOf([image, arm]);
    const { registry, source } = await inRegistry(both);
    const keys = keyFiles();
    const signed = await signBom(await bomOf(source, 'linux/arm64'), keys);
    expect(await outcome(signed.bom, signed.key, { at: [source] })).toMatch(/^pass /);
    expect(await outcome(signed.bom, signed.key, { at: [inLayout(both).source] })).toMatch(/^pass /);
    // Beside the index, which the BOM names, or the manifest: both lead there.
    const { subject } = await attachTo(source, { bom: signed.bomBytes, bundle: signed.bundleBytes });
    expect([arm.manifest.digest, both.manifest.digest]).toContain(subject);
    expect(await outcome(source, keys.publicKey, { platform: 'linux/arm64' })).toMatch(/^pass /);
    expect(await outcome(source, keys.publicKey, { platform: 'linux/amd64' })).toMatch(/^fail /);
    expect(registry.requests.length).toBeGreaterThan(0);
  });

  it('and of a directory verifies each at its place', async () => {
    const model = join(temporaryDirectory(), 'model');
    cpSync(inLayout(other).directory, model, { recursive: true });
    const place = inLayout();
    const { bom } = await generate({ sources: [place.source, `dir:${model}`], timestamp });
    expect(subjectOf(bom).type).toBe('application');
    expect(subjectOf(bom).components?.map(({ type }) => type)).toContain('container');
    const signed = await signBom(bom);
    const at = [`app=${place.source}`, `model=dir:${model}`];
    expect(await outcome(signed.bom, signed.key, { at })).toMatch(/^pass .*bytes:pass bytes:pass$/);
    expect(await outcome(signed.bom, signed.key, { at: [at[0] ?? '', `model=${place.source}`] })).toMatch(
      /^fail .*bytes:pass bytes:fail$/,
    );
    // Put beside the image, it is found there, and is about the image.
    await attachTo(place.source, { bom: signed.bomBytes, bundle: signed.bundleBytes });
    expect(await outcome(place.source, signed.key)).toMatch(/^pass .*bytes:pass \(bytes:unknown\)$/);
    expect(valuesOf(subjectOf(bom), 'mlbom:oci:manifest-digest')).toEqual([]);
  });
});

describe('what cannot be done', () => {
  it.each(['dir:.', 'oci-archive:app.tar', 'docker-daemon:app', './app'])(
    'is to put a BOM beside %s',
    async (place) => {
      const signed = await signBom(await bomOf(inLayout().source));
      const documents = { bom: signed.bomBytes, bundle: signed.bundleBytes };
      await expect(attachTo(place, documents)).rejects.toMatchObject({ code: 'E_USAGE' });
    },
  );

  it('is to verify by what lies beside an image that has no manifest', async () => {
    const keys = keyFiles();
    const source = `docker-archive:${archive(dockerArchive(image))}`;
    await expect(verify({ bom: source, keys: [keys.publicKey], at: [] })).rejects.toMatchObject({
      code: 'E_UNSUPPORTED',
    });
  });

  it('is to say where the bundle of an image lies', async () => {
    const keys = keyFiles();
    const { source } = inLayout();
    await expect(
      verify({ bom: source, bundle: 'x.json', keys: [keys.publicKey], at: [] }),
    ).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});

function archive(content: Uint8Array): string {
  const path = join(temporaryDirectory(), 'app.tar');
  writeFileSync(path, content);
  return path;
}
