import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeBom } from '../../../src/bom/write.ts';
import type { Bom } from '../../../src/core/bom.ts';
import { generate, type GenerateOptions, type Generated } from '../../../src/operations/generate.ts';
import { verify, type Verified } from '../../../src/operations/verify.ts';
import { temporaryDirectory } from '../../cli/mlbom.ts';
import { startRegistry, type FakeRegistry } from '../../fixtures/fake-registry.ts';
import { writeGguf } from '../../fixtures/gguf-writer.ts';
import { artifactOf, writeLayout, type ImageFixture } from '../../fixtures/image-writer.ts';
import { writeSafetensors } from '../../fixtures/safetensors-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';
import { digestOf } from '../../fixtures/fake-registry-answers.ts';
import {
  componentsOf,
  fileOf,
  layersOf,
  modelConfig,
  problemsIn,
  sampleImage,
  subjectOf,
  timestamp,
  valuesOf,
  weights,
} from './sample-image.ts';
import { signBom } from './signing-files.ts';

const gguf = writeGguf({
  metadata: [
    ['general.architecture', 'string', 'llama'],
    ['general.name', 'string', 'Tiny'],
    ['general.file_type', 'uint32', 0],
    ['llama.context_length', 'uint32', 2048],
  ],
  tensors: [{ name: 'token_embd.weight', type: 'F32', shape: [16, 16] }],
});
const readme = Buffer.from('# Tiny\n\nA small model.\n');
const license = Buffer.from('MIT License\n');

const cncf = 'application/vnd.cncf.model';
const docker = 'application/vnd.docker.ai';
const kitops = 'application/vnd.kitops.modelkit';
const ollama = 'application/vnd.ollama.image';
const title = 'org.opencontainers.image.title';

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

type Files = Readonly<Record<string, Uint8Array | string>>;

function modelPack(
  config: object = {},
  diffIds?: readonly string[],
  bytes: Uint8Array = weights,
): ImageFixture {
  const files: Files = { 'model.safetensors': bytes, 'config.json': modelConfig, 'README.md': readme };
  const kinds = ['weight', 'weight.config', 'doc'];
  const layers = Object.entries(files).map(([path, content], at) => ({
    mediaType: `${cncf}.${kinds[at] ?? ''}.v1.raw`,
    bytes: Buffer.from(content),
    annotations: { 'org.cncf.model.filepath': path },
  }));
  return artifactOf({
    artifactType: `${cncf}.manifest.v1+json`,
    config: {
      mediaType: `${cncf}.config.v1+json`,
      bytes: json({
        descriptor: { name: 'tiny', version: '1.0', licenses: ['MIT'] },
        config: { format: 'safetensors', precision: 'fp32', ...config },
        modelfs: { type: 'layers', diffIds: diffIds ?? layers.map((layer) => digestOf(layer.bytes)) },
      }),
    },
    layers,
  });
}

interface Case {
  readonly artifact: ImageFixture;
  /** The files that it is. */
  readonly files: Files;
  readonly scheme: string;
  /** Values of the subject or of the model in it, declared or read. */
  readonly says: readonly string[];
}

const packFiles: Files = { 'model.safetensors': weights, 'config.json': modelConfig, 'README.md': readme };
const packed = writeTar([
  { name: 'model.safetensors', content: weights },
  { name: 'config.json', content: modelConfig },
]);
const docs = writeTar([{ name: 'README.md', content: readme }]);

const cases = {
  'ModelPack, each file as it is': {
    scheme: 'modelpack',
    artifact: modelPack(),
    files: { 'model.safetensors': weights, 'config.json': modelConfig, 'README.md': readme },
    says: ['tiny', '1.0', 'safetensors', 'F32', 'llama'],
  },
  'ModelPack, packed': {
    scheme: 'modelpack',
    artifact: artifactOf({
      config: {
        mediaType: `${cncf}.config.v1+json`,
        bytes: json({
          descriptor: { name: 'tiny' },
          modelfs: { type: 'layers', diffIds: [digestOf(packed), digestOf(docs)] },
        }),
      },
      layers: [
        { mediaType: `${cncf}.weight.v1.tar+gzip`, bytes: gzipSync(packed) },
        { mediaType: `${cncf}.doc.v1.tar`, bytes: docs },
      ],
    }),
    files: { 'model.safetensors': weights, 'config.json': modelConfig, 'README.md': readme },
    says: ['tiny', 'llama'],
  },
  'Docker’s': {
    scheme: 'docker-ai',
    artifact: artifactOf({
      config: {
        mediaType: `${docker}.model.config.v0.1+json`,
        bytes: json({
          config: { format: 'gguf', architecture: 'llama', parameters: '256' },
          rootfs: { type: 'rootfs', diff_ids: [digestOf(gguf), digestOf(license)] },
        }),
      },
      layers: [
        { mediaType: `${docker}.gguf.v3`, bytes: gguf },
        { mediaType: `${docker}.license`, bytes: license },
      ],
    }),
    files: { 'model.gguf': gguf, LICENSE: license },
    says: ['gguf', 'llama'],
  },
  'KitOps’': {
    scheme: 'kitops',
    artifact: artifactOf({
      config: {
        mediaType: `${kitops}.config.v1+json`,
        bytes: json({
          manifestVersion: '1.0',
          package: { name: 'tiny', version: '1.0' },
          model: { name: 'tiny', path: './model.safetensors', framework: 'PyTorch' },
        }),
      },
      layers: [
        { mediaType: `${kitops}.model.v1.tar+gzip`, bytes: gzipSync(packed) },
        { mediaType: `${kitops}.docs.v1.tar`, bytes: docs },
      ],
    }),
    files: { 'model.safetensors': weights, 'config.json': modelConfig, 'README.md': readme },
    says: ['tiny', '1.0', 'pytorch'],
  },
  'Ollama’s': {
    scheme: 'ollama',
    artifact: artifactOf({
      config: {
        mediaType: 'application/vnd.docker.container.image.v1+json',
        bytes: json({
          model_format: 'gguf',
          model_family: 'llama',
          model_type: '256',
          file_type: 'F32',
          architecture: 'amd64',
          os: 'linux',
          rootfs: { type: 'layers', diff_ids: [digestOf(gguf), digestOf(license)] },
        }),
      },
      layers: [
        { mediaType: `${ollama}.model`, bytes: gguf },
        { mediaType: `${ollama}.license`, bytes: license },
      ],
    }),
    files: { 'model.gguf': gguf, 'ollama/license': license },
    says: ['ollama', 'gguf', 'llama'],
  },
  'what oras pushed': {
    scheme: 'oras',
    artifact: artifactOf({
      artifactType: 'application/vnd.example.model',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') },
      layers: [
        {
          mediaType: 'application/octet-stream',
          bytes: weights,
          annotations: { [title]: 'model.safetensors' },
        },
        { mediaType: 'text/markdown', bytes: readme, annotations: { [title]: 'docs/README.md' } },
      ],
    }),
    files: { 'model.safetensors': weights, 'docs/README.md': readme },
    says: ['safetensors'],
  },
} satisfies Record<string, Case>;

function directoryOf(files: Files): string {
  const directory = join(temporaryDirectory(), 'tiny');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

function layoutOf(artifact: ImageFixture): string {
  const directory = join(temporaryDirectory(), 'tiny');
  writeLayout(directory, [artifact], { tags: ['v1'] });
  return `oci-layout:${directory}:v1`;
}

async function running(): Promise<FakeRegistry> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  return registry;
}

async function pushed(artifact: ImageFixture): Promise<{ registry: FakeRegistry; source: string }> {
  const registry = await running();
  registry.seed(artifact, 'team/tiny', 'v1');
  return { registry, source: `oci://${registry.host}/team/tiny:v1` };
}

function read(source: string, options: Partial<GenerateOptions> = {}): Promise<Generated> {
  return generate({ sources: [source], timestamp, ...options });
}

function digestIn(bom: Bom): string | undefined {
  return subjectOf(bom).hashes?.find(({ alg }) => alg === 'SHA-256')?.content;
}

describe.each(Object.entries(cases))('a model artifact: %s', (_, { artifact, files, scheme, says }) => {
  it.each(['registry', 'layout'] as const)('is its files, in a %s', async (place) => {
    const source = place === 'layout' ? layoutOf(artifact) : (await pushed(artifact)).source;
    const { bom, inventory } = await read(source);
    const plain = await read(directoryOf(files));
    const subject = subjectOf(bom);
    expect(subject.type).toBe('machine-learning-model');
    expect(valuesOf(subject, 'mlbom:hash:scope')).toEqual(['manifest']);
    expect(digestIn(bom)).toBe(digestIn(plain.bom));
    expect(valuesOf(subject, 'mlbom:oms:root')).toEqual(valuesOf(subjectOf(plain.bom), 'mlbom:oms:root'));
    expect(valuesOf(subject, 'mlbom:oci:scheme')).toEqual([scheme]);
    expect(valuesOf(subject, 'mlbom:oci:manifest-digest')).toEqual([artifact.manifest.digest]);
    for (const path of Object.keys(files))
      expect(fileOf(bom, path)?.hashes).toEqual(fileOf(plain.bom, path)?.hashes);
    const text = JSON.stringify(subject);
    for (const word of says) expect(text).toContain(word);
    expect(problemsIn(inventory)).toEqual([]);
    expect(layersOf(bom).map((layer) => valuesOf(layer, 'mlbom:oci:verification'))).toEqual(
      artifact.layers.map(() => ['content']),
    );
  });
});

describe('one BOM of a model artifact', () => {
  const { artifact, files } = cases['Docker’s'];

  it.each(['registry', 'layout', 'directory'] as const)('verifies in a %s', async (place) => {
    const { source } = await pushed(artifact);
    const signed = await signBom((await read(source)).bom);
    const good = { registry: source, layout: layoutOf(artifact), directory: directoryOf(files) }[place];
    expect(await outcome(signed, good)).toBe('pass');
    const other = modelPack();
    const bad = {
      registry: (await pushed(other)).source,
      layout: layoutOf(other),
      directory: directoryOf({ ...files, 'model.gguf': Buffer.concat([gguf, Buffer.alloc(1)]) }),
    }[place];
    expect(await outcome(signed, bad)).toBe('fail');
  });

  it.each(Object.entries(cases))('made of a directory verifies where the files are: %s', async (_, each) => {
    const signed = await signBom((await read(directoryOf(each.files))).bom);
    expect(await outcome(signed, layoutOf(each.artifact))).toBe('pass');
    const { registry, source } = await pushed(each.artifact);
    expect(await outcome(signed, source)).toBe('pass');
    const [blob] = each.artifact.layers;
    registry.blobs.set(blob?.digest ?? '', Buffer.from(blob?.bytes ?? '').fill(7, 40, 44));
    expect(await outcome(signed, source)).toBe('fail');
    registry.blobs.delete(blob?.digest ?? '');
    expect(await outcome(signed, source)).toBe('unknown');
  });

  it('made of a directory fails where files are others, missing, or more', async () => {
    const path = 'model.safetensors';
    for (const changed of [
      { ...packFiles, [path]: gguf },
      { ...packFiles, 'more.txt': 'more' },
      { [path]: weights },
    ]) {
      const signed = await signBom((await read(directoryOf(changed))).bom);
      expect(await outcome(signed, layoutOf(modelPack()))).toBe('fail');
    }
    const signed = await signBom((await read(directoryOf(packFiles))).bom);
    expect(await outcome(signed, layoutOf(sampleImage()))).toBe('fail');
  });

  async function outcome(signed: { bom: string; key: string }, at: string): Promise<string> {
    const { verdict }: Verified = await verify({ bom: signed.bom, keys: [signed.key], at: [at] });
    return verdict.outcome;
  }
});

describe('what oras pushed with hostile titles', () => {
  it('stays below the root, each file under a name of its own, and says so', async () => {
    const titles = [
      '../../etc/passwd',
      '/etc/shadow',
      'a/../../b',
      'model.bin',
      'model.bin',
      'model.bin/x',
      'C:\\x',
      '',
    ];
    const artifact = artifactOf({
      config: { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') },
      layers: titles.map((name, at) => ({
        mediaType: 'application/octet-stream',
        bytes: Buffer.from(`content ${at}`),
        annotations: { [title]: name },
      })),
    });
    const { bom, inventory } = await read(layoutOf(artifact));
    const paths = componentsOf(bom).flatMap((component) => valuesOf(component, 'mlbom:file:path'));
    expect(paths).toHaveLength(titles.length);
    expect(new Set(paths).size).toBe(titles.length);
    for (const path of paths) expect(path).not.toMatch(/(?:^|\/)\.\.(?:\/|$)|^\/|\\/);
    const codes = inventory.problems.map(({ code }) => code);
    expect(codes.filter((code) => code === 'unsafe-path')).toHaveLength(5);
    expect(codes.filter((code) => code === 'duplicate-path')).toHaveLength(2);
    expect(digestIn(bom)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a configuration', () => {
  it('that says other things than the bytes is a problem', async () => {
    const { inventory, bom } = await read(layoutOf(modelPack({ precision: 'bf16', paramSize: '8b' })));
    const problems = problemsIn(inventory).map((text) => text.replaceAll(/ sha256:[0-9a-f]{64}/g, ''));
    expect(problems).toEqual([
      'statements-differ .: dtype: F32 (observed, model.safetensors) against BF16 (declared, configuration) against F32 (declared, config.json)',
      'statements-differ .: parameters: 256 (observed, model.safetensors) against 8000000000 (declared, configuration)',
    ]);
    expect(inventory.problems.map(({ effect }) => effect)).toEqual(['contradiction', 'contradiction']);
    expect(valuesOf(subjectOf(bom), 'mlbom:model:dtype')).toEqual(['F32']);
    expect(bom.compositions?.[0]?.aggregate).toBe('complete');
  });

  it('that promises other unpacked bytes is not believed', async () => {
    const wrong = `sha256:${'5e'.repeat(32)}`;
    const { layers } = modelPack();
    const promised = [wrong, ...layers.slice(1).map(({ digest }) => digest)];
    const { source } = await pushed(modelPack({}, promised));
    for (const place of [source, layoutOf(modelPack({}, promised))]) {
      await expect(read(place)).rejects.toMatchObject({
        code: 'E_DIGEST',
        message: expect.stringContaining(wrong) as string,
      });
      await expect(read(place)).rejects.toMatchObject({
        message: expect.stringContaining('layer 1 of 3') as string,
      });
    }
    const { bom, inventory } = await read(source, { allowIncomplete: true });
    expect(problemsIn(inventory).join()).toContain(wrong);
    expect(bom.compositions?.[0]?.aggregate).toBe('incomplete');
    expect(valuesOf(subjectOf(bom), 'mlbom:hash:scope')).toEqual(['oci-manifest']);
    expect(fileOf(bom, 'model.safetensors')).toBeUndefined();
  });

  it('that is no JSON is nothing to oras, and malformed to a scheme', async () => {
    const yaml = { bytes: Buffer.from('name: tiny\n') };
    const layers = [
      { mediaType: 'application/octet-stream', bytes: weights, annotations: { [title]: 'w.safetensors' } },
    ];
    const plain = artifactOf({ config: { mediaType: 'text/yaml', ...yaml }, layers });
    expect(digestIn((await read(layoutOf(plain))).bom)).toBe(
      digestIn((await read(directoryOf({ 'w.safetensors': weights }))).bom),
    );
    const pack = artifactOf({ config: { mediaType: `${cncf}.config.v1+json`, ...yaml }, layers: [] });
    await expect(read(layoutOf(pack))).rejects.toMatchObject({ code: 'E_MALFORMED' });
  });
});

describe('headers only', () => {
  const large = writeSafetensors({
    tensors: [{ name: 'w', dtype: 'F32', shape: [1024, 1024] }],
    metadata: { format: 'pt' },
  });
  const artifact = modelPack({}, undefined, large);
  const [blob] = artifact.layers;

  it('fetches what describes the weights, and says that their digest is a claim', async () => {
    const { registry, source } = await pushed(artifact);
    const { bom, inventory } = await read(source, { headersOnly: true });
    const asked = registry.requests.filter(({ url }) => url.includes(`/blobs/${blob?.digest ?? ''}`));
    expect(asked.length).toBeGreaterThan(0);
    const bytes = asked.map(({ headers }) => {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
      return Number(to) - Number(from) + 1;
    });
    // A request without a range would make this NaN.
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(1024 * 1024);
    const subject = subjectOf(bom);
    expect(valuesOf(subject, 'mlbom:model:parameters')).toEqual(['1048576']);
    expect(valuesOf(subject, 'mlbom:hash:scope')).toEqual(['oci-manifest']);
    expect(valuesOf(subject, 'mlbom:oms:root')).toEqual([]);
    const weightsFile = fileOf(bom, 'model.safetensors');
    expect(weightsFile && valuesOf(weightsFile, 'mlbom:oci:verification')).toEqual(['claimed']);
    expect(weightsFile?.hashes?.[0]?.content).toBe(blob?.digest.slice(7));
    expect(bom.compositions?.[0]?.aggregate).toBe('incomplete');
    expect(problemsIn(inventory)).toEqual([
      expect.stringContaining(`digest-claimed model.safetensors: only its header was read`),
    ]);
    // What is as small as a header was read whole.
    expect(layersOf(bom).map((layer) => valuesOf(layer, 'mlbom:oci:verification'))).toEqual([
      ['claimed'],
      ['content'],
      ['content'],
    ]);
  });

  it('reads what is verified the same way without it', async () => {
    const { source } = await pushed(artifact);
    const [part, whole] = [await read(source, { headersOnly: true }), await read(source)];
    const model = (bom: Bom) => valuesOf(subjectOf(bom), 'mlbom:model:parameters-by-dtype');
    expect(model(part.bom)).toEqual(model(whole.bom));
    expect(whole.bom.compositions?.[0]?.aggregate).toBe('complete');
  });

  it('means nothing where the bytes lie on this machine: they are verified', async () => {
    const { bom } = await read(layoutOf(artifact), { headersOnly: true });
    expect(valuesOf(subjectOf(bom), 'mlbom:hash:scope')).toEqual(['manifest']);
    expect(bom.compositions?.[0]?.aggregate).toBe('complete');
  });

  it('gets the start of a file from a registry that gives no parts, and no more', async () => {
    const { registry, source } = await pushed(artifact);
    registry.options.noRange = true;
    const { bom } = await read(source, { headersOnly: true });
    expect(valuesOf(subjectOf(bom), 'mlbom:model:parameters')).toEqual(['1048576']);
    expect(bom.compositions?.[0]?.aggregate).toBe('incomplete');
  });

  it('of a file that lies about itself are a problem, and no crash', async () => {
    const broken = modelPack({}, undefined, Buffer.from(large).fill(0xff, 0, 16));
    const { source } = await pushed(broken);
    const { bom, inventory } = await read(source, { headersOnly: true });
    expect(
      inventory.problems.some(({ path, code }) => path === 'model.safetensors' && code !== 'digest-claimed'),
    ).toBe(true);
    expect(bom.compositions?.[0]?.aggregate).toBe('incomplete');
  });

  it('of a blob that is not there end with the name of the layer, or are left out where that is allowed', async () => {
    const { registry, source } = await pushed(artifact);
    registry.blobs.delete(blob?.digest ?? '');
    await expect(read(source, { headersOnly: true })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      message: expect.stringMatching(new RegExp(`layer 1 of 3.*${blob?.digest ?? ''}`)) as string,
    });
    const { bom, inventory } = await read(source, { headersOnly: true, allowIncomplete: true });
    expect(bom.compositions?.[0]?.aggregate).toBe('incomplete');
    expect(problemsIn(inventory).join('\n')).toContain('layer 1 of 3');
    expect(fileOf(bom, 'model.safetensors')).toBeUndefined();
  });

  it('can be signed and found, and verification reads every byte', async () => {
    const { registry, source } = await pushed(artifact);
    const signed = await signBom((await read(source, { headersOnly: true })).bom);
    const check = () => verify({ bom: signed.bom, keys: [signed.key], at: [source] });
    expect((await check()).verdict.outcome).toBe('pass');
    registry.blobs.set(blob?.digest ?? '', Buffer.from(large).fill(1, large.length - 8));
    expect((await check()).verdict.outcome).toBe('fail');
  });
});

it('a model artifact’s BOM is the same twice', async () => {
  const { source } = await pushed(modelPack());
  expect(writeBom((await read(source)).bom)).toBe(writeBom((await read(source)).bom));
});
