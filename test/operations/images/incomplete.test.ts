import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeBom } from '../../../src/bom/write.ts';
import type { Bom } from '../../../src/core/bom.ts';
import { isMlbomError } from '../../../src/core/errors.ts';
import { generate, type Generated, type GenerateOptions } from '../../../src/operations/generate.ts';
import { temporaryDirectory } from '../../cli/mlbom.ts';
import { startRegistry, type FakeRegistry } from '../../fixtures/fake-registry.ts';
import {
  artifactOf,
  imageOf,
  indexOf,
  writeLayout,
  type ImageFixture,
  type LayerParts,
  type RootFixture,
} from '../../fixtures/image-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';
import {
  componentsOf,
  dpkgStatus,
  fileOf,
  layersOf,
  problemsIn,
  sampleImage,
  sampleLayers,
  subjectOf,
  timestamp,
  valuesOf,
} from './sample-image.ts';

const image = sampleImage();
const [debian, python, model] = sampleLayers as [LayerParts, LayerParts, LayerParts];

interface Placed {
  readonly source: string;
  /** Other bytes under a digest, or none. */
  keep(digest: string, bytes: Uint8Array | undefined): void;
}

function inLayout(roots: readonly RootFixture[], tags: readonly string[] = ['v1']): Placed {
  const directory = join(temporaryDirectory(), 'app');
  writeLayout(directory, roots, { tags });
  return {
    source: `oci-layout:${directory}:${tags[0] ?? ''}`,
    keep(digest, bytes) {
      const path = join(directory, 'blobs', digest.replace(':', '/'));
      if (bytes) writeFileSync(path, bytes);
      else rmSync(path);
    },
  };
}

async function inRegistry(root: RootFixture): Promise<Placed & { registry: FakeRegistry }> {
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
  };
}

function read(source: string, options: Partial<GenerateOptions> = {}): Promise<Generated> {
  return generate({ sources: [source], timestamp, ...options });
}

function aggregateOf(bom: Bom): string | undefined {
  return bom.compositions?.[0]?.aggregate;
}

function layerAt(root: ImageFixture, index: number): ImageFixture['layers'][number] {
  const layer = root.layers[index];
  if (!layer) throw new Error('no such layer');
  return layer;
}

/** One bit is another one. */
function changed(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[300] = (copy[300] ?? 0) ^ 1;
  return copy;
}

describe.each(['layout', 'registry'] as const)('of an image in a %s', (kind) => {
  const place = async (root: ImageFixture): Promise<Placed> =>
    kind === 'layout' ? inLayout([root]) : inRegistry(root);
  const { digest, bytes, diffId } = layerAt(image, 1);

  it.each([
    ['is missing', undefined, 'E_NOT_FOUND', 'layer-unread'],
    ['contradicts its digest', changed(bytes), 'E_DIGEST', 'layer-contradicts'],
    ['is cut', bytes.subarray(0, -100), 'E_DIGEST', 'layer-contradicts'],
  ])('a layer that %s ends it, or is left out where that is allowed', async (_, now, code, problem) => {
    const placed = await place(image);
    placed.keep(digest, now);
    await expect(read(placed.source)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`layer 2 of 3.*${digest}`)) as string,
    });
    const { bom, inventory } = await read(placed.source, { allowIncomplete: true });
    expect(aggregateOf(bom)).toBe('incomplete');
    const own = inventory.problems.filter((one) => one.code === problem);
    expect(own).toEqual([expect.objectContaining({ effect: 'incomplete' })]);
    expect(own[0]?.reason).toMatch(new RegExp(`layer 2 of 3.*${digest}`));
    expect(JSON.stringify(bom.metadata?.component?.properties)).toContain(problem);
    // Nothing of that layer counts; the others do, and it stands among them with what was promised of it.
    const names = componentsOf(bom).map(({ name }) => name);
    expect(names).not.toContain('torch');
    expect(names).not.toContain('python3-minimal');
    expect(names).toContain('bash');
    expect(fileOf(bom, 'models/tiny/model.safetensors')).toBeDefined();
    const layers = layersOf(bom);
    expect(layers.map((layer) => valuesOf(layer, 'mlbom:oci:verification')[0])).toEqual([
      'content',
      'claimed',
      'content',
    ]);
    expect(layers[1]?.['bom-ref']).toBe(`layer:${diffId}`);
    expect(layers[1] && valuesOf(layers[1], 'mlbom:oci:layer-files')).toEqual([]);
  });

  it('what contradicts its digest above the layers is never left out', async () => {
    for (const { digest: name, bytes: before } of [image.manifest, image.config]) {
      const placed = await place(image);
      if (kind === 'registry' && name === image.manifest.digest) continue;
      placed.keep(name, Buffer.concat([before, Buffer.from('\n')]));
      await expect(read(placed.source, { allowIncomplete: true })).rejects.toMatchObject({
        code: 'E_DIGEST',
      });
    }
  });

  it('a layer of a kind that nobody knows is listed, and said not to be looked into', async () => {
    const mediaType = 'application/vnd.example.squashfs';
    const odd = imageOf({ layers: [debian, { ...python, mediaType }, model] });
    const { bom, inventory } = await read((await place(odd)).source);
    expect(problemsIn(inventory)).toEqual([
      expect.stringMatching(new RegExp(`^layer-opaque .*layer 2 of 3 .*${mediaType}`)),
    ]);
    expect(aggregateOf(bom)).toBe('incomplete');
    expect(componentsOf(bom).map(({ name }) => name)).not.toContain('torch');
    const layer = layersOf(bom)[1];
    expect(layer?.hashes?.[0]?.content).toBe(layerAt(odd, 1).digest.slice(7));
    expect(layer && valuesOf(layer, 'mlbom:oci:verification')).toEqual(['content']);
    // Its bytes are held against its digest all the same.
    const placed = await place(odd);
    placed.keep(layerAt(odd, 1).digest, changed(layerAt(odd, 1).bytes));
    await expect(read(placed.source)).rejects.toMatchObject({ code: 'E_DIGEST' });
  });

  it('a foreign layer is read where it is kept, and nothing is fetched from where it says', async () => {
    const elsewhere = await startRegistry();
    onTestFinished(() => elsewhere.close());
    const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
    const windows = imageOf({ layers: [{ ...debian, mediaType }, python] });
    const manifest = JSON.parse(Buffer.from(windows.manifest.bytes).toString()) as { layers: object[] };
    const layers = manifest.layers.map((layer, at) =>
      at === 0 ? { ...layer, urls: [`${elsewhere.url}/blobs/${layerAt(windows, 0).digest}`] } : layer,
    );
    const foreign = imageOf({ layers: [{ ...debian, mediaType }, python], manifest: { layers } });
    const placed = await place(foreign);
    const { bom, inventory } = await read(placed.source);
    expect(componentsOf(bom).map(({ name }) => name)).toContain('bash');
    expect(problemsIn(inventory)).toEqual([]);
    placed.keep(layerAt(foreign, 0).digest, undefined);
    await expect(read(placed.source)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    expect(aggregateOf((await read(placed.source, { allowIncomplete: true })).bom)).toBe('incomplete');
    expect(elsewhere.requests).toEqual([]);
    expect(elsewhere.other.requests).toEqual([]);
  });
});

it('layers that are all missing leave a BOM that says so of each', async () => {
  const placed = inLayout([image]);
  for (const { digest } of image.layers) placed.keep(digest, undefined);
  const { bom, inventory } = await read(placed.source, { allowIncomplete: true });
  expect(inventory.problems.map(({ code }) => code)).toEqual(image.layers.map(() => 'layer-unread'));
  expect(aggregateOf(bom)).toBe('incomplete');
});

describe('base images', () => {
  const base = imageOf({ layers: [debian], config: { author: 'base' } });

  /** `how confidence layers name digest` */
  function basesOf(bom: Bom): string[] {
    return (subjectOf(bom).pedigree?.ancestors ?? []).map((ancestor) =>
      [
        valuesOf(ancestor, 'mlbom:oci:base-evidence')[0],
        valuesOf(ancestor, 'mlbom:oci:base-confidence')[0],
        valuesOf(ancestor, 'mlbom:oci:base-layers')[0] ?? '-',
        ancestor.name,
        ancestor.hashes?.[0]?.content ?? '-',
      ].join(' '),
    );
  }
  const hex = base.manifest.digest.slice(7);

  it('beside it in the same layout are known by their layers', async () => {
    const { bom } = await read(inLayout([image, base], ['v1', 'debian']).source);
    expect(basesOf(bom)).toEqual([`prefix 1 1 app:debian ${hex}`]);
  });

  it('that the user names are compared, in whatever place they are', async () => {
    const { source, registry } = await inRegistry(base);
    const { bom } = await read(inLayout([image]).source, { bases: [source] });
    expect(basesOf(bom)).toEqual([`prefix 1 1 ${registry.host}/team/app:v1 ${hex}`]);
    // Its layers are not needed for that.
    expect(registry.requests.some(({ url }) => url.includes(layerAt(base, 0).digest))).toBe(false);
    const none = await read(inLayout([image]).source, {
      bases: [inLayout([imageOf({ layers: [python] })]).source],
    });
    expect(basesOf(none.bom)).toEqual([]);
  });

  it('that cannot be reached end it: the user asked for them', async () => {
    const bases = [`oci-layout:${join(temporaryDirectory(), 'none')}`];
    await expect(read(inLayout([image]).source, { bases })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(
      read(inLayout([image]).source, { bases: [`dir:${temporaryDirectory()}`] }),
    ).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  it('that annotations name are claims; nothing is fetched for them', async () => {
    const annotations = {
      'org.opencontainers.image.base.name': 'registry.example.org/debian:12',
      'org.opencontainers.image.base.digest': base.manifest.digest,
    };
    const annotated = sampleImage({ annotations });
    const { bom } = await read(inLayout([annotated]).source);
    expect(basesOf(bom)).toEqual([`annotation 0.5 - registry.example.org/debian:12 ${hex}`]);
    const proven = await read(inLayout([annotated, base], ['v1', 'debian']).source);
    expect(basesOf(proven.bom)).toEqual([`prefix 1 1 registry.example.org/debian:12 ${hex}`]);
  });

  it('that annotations name and whose layers it does not have are a contradiction', async () => {
    const other = imageOf({ layers: [python] });
    const annotations = { 'org.opencontainers.image.base.digest': other.manifest.digest };
    const { bom, inventory } = await read(
      inLayout([sampleImage({ annotations }), other], ['v1', 'other']).source,
    );
    expect(basesOf(bom)).toEqual([]);
    expect(inventory.problems).toEqual([
      expect.objectContaining({ code: 'base-differs', effect: 'contradiction' }),
    ]);
    expect(inventory.problems[0]?.reason).toContain(other.manifest.digest);
  });

  it('are guessed by the history, as a number of layers alone', async () => {
    const history = [
      { created_by: 'ADD rootfs.tar.xz /' },
      { created_by: 'CMD ["bash"]', empty_layer: true },
      { created_by: 'RUN pip install torch' },
      { created_by: 'COPY models /models' },
      { created_by: 'CMD ["serve"]', empty_layer: true },
    ];
    const { bom } = await read(inLayout([sampleImage({ config: { history } })]).source);
    expect(basesOf(bom)).toEqual(['heuristic 0.2 1 unknown base image -']);
    expect(layersOf(bom).map((layer) => valuesOf(layer, 'mlbom:oci:created-by')[0])).toEqual([
      'ADD rootfs.tar.xz /',
      'RUN pip install torch',
      'COPY models /models',
    ]);
  });

  it('that provenance beside it names are claims', async () => {
    const statement = {
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://slsa.dev/provenance/v0.2',
      subject: [{ name: '_', digest: { sha256: image.manifest.digest.slice(7) } }],
      predicate: {
        materials: [
          {
            uri: 'pkg:docker/registry.example.org/debian@12?platform=linux%2Famd64',
            digest: { sha256: hex },
          },
        ],
        invocation: { parameters: { args: { 'build-arg:TOKEN': 'hunter2-canary' } } },
      },
    };
    const attestation = artifactOf({
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', bytes: Buffer.from('{}') },
      layers: [
        {
          mediaType: 'application/vnd.in-toto+json',
          bytes: Buffer.from(JSON.stringify(statement)),
          annotations: { 'in-toto.io/predicate-type': statement.predicateType },
        },
      ],
    });
    const built = indexOf([
      image,
      {
        ...attestation,
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': image.manifest.digest,
        },
      },
    ]);
    for (const { source } of [inLayout([built]), await inRegistry(built)]) {
      const { bom, inventory } = await read(source);
      expect(basesOf(bom)).toEqual([`provenance 0.5 - registry.example.org/debian:12 ${hex}`]);
      const references = subjectOf(bom).externalReferences ?? [];
      expect(references).toEqual([expect.objectContaining({ type: 'attestation' })]);
      expect(references[0]?.comment).toContain(statement.predicateType);
      expect(references[0]?.hashes?.[0]?.content).toBe(attestation.manifest.digest.slice(7));
      expect(problemsIn(inventory)).toEqual([]);
      expect(writeBom(bom)).not.toContain('hunter2-canary');
    }
    const placed = inLayout([built]);
    placed.keep(attestation.layers[0]?.digest ?? '', Buffer.from('{}'));
    const { bom, inventory } = await read(placed.source);
    expect(basesOf(bom)).toEqual([]);
    expect(inventory.problems.map(({ code }) => code)).toEqual(['attached-unread']);
  });
});

describe('what a later layer hides', () => {
  const removing = imageOf({
    layers: [
      debian,
      python,
      model,
      {
        tar: writeTar([
          { name: 'models/.wh.tiny' },
          { name: 'var/lib/dpkg/status', content: dpkgStatus({ 'python3-minimal': '3.11.2-1+b1' }) },
        ]),
        createdBy: 'RUN rm -rf /models',
      },
    ],
  });

  it('is listed: weights that whoever pulls the image gets, and packages that were removed', async () => {
    const { bom } = await read(inLayout([removing]).source);
    const subject = subjectOf(bom);
    const [, , third, fourth] = removing.layers;
    const hidden = valuesOf(subject, 'mlbom:oci:hidden').map((line) => JSON.parse(line) as object);
    expect(hidden).toEqual([
      expect.objectContaining({
        path: 'models/tiny/model.safetensors',
        layer: third?.diffId,
        removedBy: fourth?.diffId,
      }),
    ]);
    const removed = valuesOf(subject, 'mlbom:oci:removed-package').map((line) => JSON.parse(line) as object);
    expect(removed).toEqual([
      expect.objectContaining({
        name: 'bash',
        version: '5.2.15-2+b2',
        layer: layerAt(removing, 0).diffId,
        removedBy: fourth?.diffId,
      }),
    ]);
    const names = componentsOf(bom).map(({ name }) => name);
    expect(names).not.toContain('bash');
    expect(names).toContain('python3-minimal');
    expect(fileOf(bom, 'models/tiny/model.safetensors')).toBeUndefined();
  });
});

describe('secrets', () => {
  const canary = 'hunter2-canary';

  it('of the environment, labels, build arguments and the registry are in no BOM', async () => {
    const secretive = sampleImage({
      config: {
        config: {
          Env: [`HF_TOKEN=${canary}`, `SETTING=${canary}`, `VLLM_API_KEY=${canary}`, 'CUDA_VERSION=12.4'],
          Labels: { 'com.example.build': canary, maintainer: 'A. Person', 'com.nvidia.token': canary },
          Cmd: ['serve', '--api-key', canary, `--token=${canary}`],
          Entrypoint: ['vllm'],
        },
        history: [
          { created_by: `RUN |1 TOKEN=${canary} /bin/sh -c make`, comment: canary },
          { created_by: `ENV TOKEN=${canary}`, empty_layer: true },
          { created_by: `RUN |2 A=one ${canary} B=/${canary} x=${canary} /bin/sh -c make` },
          { created_by: 'COPY models /models' },
        ],
      },
    });
    const { registry, source } = await inRegistry(secretive);
    registry.options.auth = { kind: 'basic', user: 'somebody', password: canary };
    const directory = temporaryDirectory();
    const auth = Buffer.from(`somebody:${canary}`).toString('base64');
    writeFileSync(join(directory, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    vi.stubEnv('DOCKER_CONFIG', directory);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const { bom, inventory, sarif } = await read(source);
    const text = writeBom(bom);
    expect(text).toContain('CUDA_VERSION=12.4');
    expect(valuesOf(subjectOf(bom), 'mlbom:oci:serves')).toEqual(['vllm']);
    for (const each of [text, sarif, JSON.stringify(inventory)]) {
      expect(each).not.toContain(canary);
      expect(each).not.toContain(auth);
    }
  });

  it('of the registry and of presigned URLs are in no error', async () => {
    const { registry, source } = await inRegistry(image);
    const directory = temporaryDirectory();
    const auth = Buffer.from(`somebody:${canary}`).toString('base64');
    writeFileSync(join(directory, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    vi.stubEnv('DOCKER_CONFIG', directory);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    registry.options.auth = { kind: 'basic', user: 'somebody', password: 'another' };
    const refused = await failureOf(source);
    delete registry.options.auth;
    registry.options.blobRedirect = 'other';
    registry.options.blobFault = 'wrong';
    const redirected = await failureOf(source);
    for (const text of [
      refused,
      redirected,
      await failureOf(`oci://somebody:${canary}@${registry.host}/team/app`),
    ]) {
      expect(text).not.toContain(canary);
      expect(text).not.toContain(auth);
      expect(text).not.toContain('presigned-secret');
    }
  });

  async function failureOf(source: string): Promise<string> {
    try {
      await read(source);
    } catch (error) {
      if (!isMlbomError(error)) throw error;
      return JSON.stringify([error.code, error.message, error.subject, error.next, String(error.cause)]);
    }
    throw new Error(`a BOM was made of ${source}`);
  }
});
