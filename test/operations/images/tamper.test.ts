import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isMlbomError, type ErrorCode, type MlbomError } from '../../../src/core/errors.ts';
import { generate } from '../../../src/operations/generate.ts';
import { cli, temporaryDirectory } from '../../cli/mlbom.ts';
import { startRegistry } from '../../fixtures/fake-registry.ts';
import {
  dockerArchive,
  imageOf,
  jsonBlob,
  layoutArchive,
  writeLayout,
  type ImageFixture,
} from '../../fixtures/image-writer.ts';
import { writeSafetensors } from '../../fixtures/safetensors-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';

const timestamp = '2026-01-01T00:00:00Z';

/** What somebody did to an image: blobs that are other bytes under their old name, or gone. */
interface Tampering {
  readonly image: ImageFixture;
  readonly blobs: Readonly<Record<string, Uint8Array | undefined>>;
  readonly code: ErrorCode;
  readonly exit: 1 | 3;
  /** What a message has to say. */
  readonly names: readonly string[];
}

const whole = makeImage();
const [, layer] = whole.layers;
if (!layer) throw new Error('the image has a second layer');
const { digest, bytes } = layer;
const named = [digest, 'layer 2 of 3'];
const otherId = `sha256:${'5e'.repeat(32)}`;

const table: Readonly<Record<string, Tampering>> = {
  'a layer replaced by another valid one': {
    image: whole,
    blobs: { [digest]: system('evil', '6.6.6') },
    code: 'E_DIGEST',
    exit: 1,
    names: named,
  },
  'a layer that ends too early': {
    image: whole,
    blobs: { [digest]: bytes.subarray(0, -512) },
    code: 'E_DIGEST',
    exit: 1,
    names: named,
  },
  'bytes after the end of a layer': {
    image: whole,
    blobs: { [digest]: Buffer.concat([bytes, new Uint8Array(512)]) },
    code: 'E_DIGEST',
    exit: 1,
    names: named,
  },
  'a layer that is not there': {
    image: whole,
    blobs: { [digest]: undefined },
    code: 'E_NOT_FOUND',
    exit: 3,
    names: [digest],
  },
  'a configuration that was edited': {
    image: whole,
    blobs: { [whole.config.digest]: replaced(whole.config.bytes, 'somebody', 'everyone') },
    code: 'E_DIGEST',
    exit: 1,
    names: [whole.config.digest, 'config'],
  },
  'a configuration that promises another unpacked layer': {
    image: makeImage({
      rootfs: {
        type: 'layers',
        diff_ids: whole.layers.map(({ diffId }, at) => (at === 1 ? otherId : diffId)),
      },
    }),
    blobs: {},
    code: 'E_DIGEST',
    exit: 1,
    names: [otherId, 'layer 2 of 3'],
  },
  'another manifest in place of the one that the tag named': {
    image: whole,
    blobs: { [whole.manifest.digest]: makeImage({ author: 'else' }).manifest.bytes },
    code: 'E_DIGEST',
    exit: 1,
    names: [whole.manifest.digest, 'manifest'],
  },
};

describe.each(Object.entries(table))('%s', (_, tampering) => {
  it.each(['oci-layout', 'oci-archive', 'registry'] as const)('is told in %s', async (form) => {
    const error = await failureOf(await placed(tampering, form));
    expect(error.code).toBe(tampering.code);
    for (const name of tampering.names) expect(error.message).toContain(name);
  });

  it('leaves no BOM behind', async () => {
    const source = await placed(tampering, 'oci-layout');
    const bom = join(temporaryDirectory(), 'bom.json');
    const { status, stdout, stderr } = await mlbom(
      'generate',
      source,
      '--no-cache',
      '-o',
      `cyclonedx-json=${bom}`,
    );
    expect(status).toBe(tampering.exit);
    expect(stdout).toBe('');
    expect(existsSync(bom)).toBe(false);
    for (const name of tampering.names) expect(stderr).toContain(name);
  });
});

describe('what docker save wrote', () => {
  it.each([
    ['a layer replaced by another valid one', { tar: system('evil', '6.6.6') }],
    ['a layer that ends too early', { tar: bytes.subarray(0, -512) }],
  ])('with %s is told by the unpacked digest', async (_, change) => {
    const layers = whole.layers.map((each, at) => (at === 1 ? { ...each, ...change } : each));
    const error = await failureOf(archived(dockerArchive({ ...whole, layers })));
    expect(error.code).toBe('E_DIGEST');
    for (const name of [layer.diffId, 'layer 2 of 3']) expect(error.message).toContain(name);
  });

  it('with a configuration that was edited is told by the digest that is its name', async () => {
    const config = { ...whole.config, bytes: replaced(whole.config.bytes, 'somebody', 'everyone') };
    const error = await failureOf(archived(dockerArchive({ ...whole, config })));
    expect(error.code).toBe('E_DIGEST');
    expect(error.message).toContain(whole.config.digest);
  });
});

describe('a registry', () => {
  it('that moved the tag does not pass the new image for the old one, nor hide that it moved', async () => {
    const registry = await running();
    const old = registry.seed(whole, 'team/app', 'v1');
    const moved = registry.seed(makeImage({ author: 'else' }), 'team/app', 'v1');
    const error = await failureOf(`oci://${registry.host}/team/app:v1@${old}`);
    expect(error.code).toBe('E_DIGEST');
    for (const name of [old, moved, 'v1']) expect(error.message).toContain(name);
    const byDigest = `oci://${registry.host}/team/app@${old}`;
    expect(JSON.stringify((await generate({ sources: [byDigest], timestamp })).bom)).toContain(old);
    registry.manifests.delete(`team/app@${old}`);
    const gone = await failureOf(byDigest);
    expect(gone.code).toBe('E_NOT_FOUND');
    expect(gone.message).toContain(old);
  });

  it('that lists a BOM of another image as a referrer gets no reference to it into the BOM', async () => {
    const registry = await running();
    const subject = registry.seed(whole, 'team/app', 'v1');
    const other = makeImage({ author: 'else' });
    const foreign = jsonBlob('application/vnd.oci.image.manifest.v1+json', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.cyclonedx+json',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: emptyDigest, size: 2 },
      layers: [],
      subject: {
        mediaType: other.manifest.mediaType,
        digest: other.manifest.digest,
        size: other.manifest.bytes.length,
      },
    });
    // By the tag of the image's own referrers, which anybody who may push may write.
    registry.options.referrers = 'off';
    const { bytes: manifestBytes, digest: foreignDigest, mediaType } = foreign;
    const index = jsonBlob('application/vnd.oci.image.index.v1+json', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        {
          mediaType,
          digest: foreignDigest,
          size: manifestBytes.length,
          artifactType: 'application/vnd.cyclonedx+json',
        },
      ],
    });
    registry.seed({ manifest: foreign, blobs: new Map([[foreignDigest, manifestBytes]]) }, 'team/app');
    registry.seed({ manifest: index, blobs: new Map() }, 'team/app', subject.replace(':', '-'));
    const { bom } = await generate({ sources: [`oci://${registry.host}/team/app:v1`], timestamp });
    expect(JSON.stringify(bom.metadata?.component?.externalReferences ?? [])).not.toContain(foreignDigest);
  });
});

describe('--allow-incomplete', () => {
  it('writes a BOM that says which layer it does not know, and why', async () => {
    const tampering = table['a layer replaced by another valid one'];
    if (!tampering) throw new Error('the table has that row');
    const source = await placed(tampering, 'oci-layout');
    const { bom, inventory } = await generate({ sources: [source], timestamp, allowIncomplete: true });
    expect(JSON.stringify(bom)).not.toContain('evil');
    const problem = inventory.problems.find(({ code }) => code === 'layer-contradicts');
    expect(problem?.effect).toBe('incomplete');
    for (const name of named) expect(problem?.reason).toContain(name);
    expect(bom.compositions?.map(({ aggregate }) => aggregate)).toContain('incomplete');
    // The other layers are still there.
    expect(JSON.stringify(bom)).toContain('pkg:deb');
  });
});

const emptyDigest = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

/** A system, a package that a second layer adds, and weights. */
function makeImage(config: object = {}): ImageFixture {
  return imageOf({
    layers: [
      { tar: system('bash', '5.2.15'), createdBy: 'ADD rootfs.tar /' },
      // As it is, so that another layer can have exactly its length.
      { tar: system('less', '590-21'), codec: 'none', createdBy: 'RUN apt-get install less' },
      {
        tar: writeTar([{ name: 'models/model.safetensors', content: weights() }]),
        createdBy: 'COPY model /models',
      },
    ],
    config: { author: 'somebody', ...config },
  });
}

function system(name: string, version: string): Uint8Array {
  const status = `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n\n`;
  return writeTar([
    { name: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' },
    { name: 'var/lib/dpkg/status', content: status },
  ]);
}

function weights(): Uint8Array {
  return writeSafetensors({ tensors: [{ name: 'w', dtype: 'F32', shape: [16, 16] }] });
}

function replaced(text: Uint8Array, from: string, to: string): Uint8Array {
  const before = Buffer.from(text).toString();
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${from} is not there`);
  return Buffer.from(after);
}

/** The image with what was done to it, as a source. */
async function placed(
  { image, blobs }: Tampering,
  form: 'oci-layout' | 'oci-archive' | 'registry',
): Promise<string> {
  if (form === 'registry') return await pushed(image, blobs);
  const kept = new Map(image.blobs);
  for (const [name, content] of Object.entries(blobs)) {
    if (content) kept.set(name, content);
    else kept.delete(name);
  }
  const tampered = { ...image, blobs: kept };
  if (form === 'oci-archive') return archived(layoutArchive([tampered], { tags: ['v1'] }), 'oci-archive');
  const directory = temporaryDirectory();
  writeLayout(directory, [tampered], { tags: ['v1'] });
  return `oci-layout:${directory}:v1`;
}

function archived(content: Uint8Array, kind: 'oci-archive' | 'docker-archive' = 'docker-archive'): string {
  const file = join(temporaryDirectory(), 'image.tar');
  writeFileSync(file, content);
  return `${kind}:${file}`;
}

/** The registry answers with what it has under a name, whatever its digest is. */
async function pushed(image: ImageFixture, blobs: Tampering['blobs']): Promise<string> {
  const registry = await running();
  registry.seed(image, 'team/app', 'v1');
  for (const [name, content] of Object.entries(blobs)) {
    if (!content) registry.blobs.delete(name);
    else if (name === image.manifest.digest) {
      registry.manifests.set(`team/app@${name}`, { bytes: content, mediaType: image.manifest.mediaType });
    } else registry.blobs.set(name, content);
  }
  return `oci://${registry.host}/team/app:v1@${image.manifest.digest}`;
}

async function running(): ReturnType<typeof startRegistry> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  return registry;
}

async function failureOf(source: string): Promise<MlbomError> {
  try {
    await generate({ sources: [source], timestamp });
  } catch (error) {
    if (isMlbomError(error)) return error;
    throw error;
  }
  throw new Error(`a BOM was made of ${source}`);
}

async function mlbom(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}
