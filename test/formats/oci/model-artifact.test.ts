import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Descriptor, ImageManifest } from '../../../src/core/image.ts';
import { isImage, modelArtifactOf, type ModelArtifact } from '../../../src/formats/oci/model-artifact.ts';

type Layer = readonly [mediaType: string, annotations?: Readonly<Record<string, string>>];

const digest = { algorithm: 'sha256', hex: '0'.repeat(64) } as const;

function descriptor(mediaType: string, annotations: Readonly<Record<string, string>> = {}): Descriptor {
  return { mediaType, digest, size: 1, annotations };
}

function manifest(config: string, layers: readonly Layer[], artifactType?: string): ImageManifest {
  return {
    descriptor: descriptor('application/vnd.oci.image.manifest.v1+json'),
    annotations: {},
    config: descriptor(config),
    layers: layers.map(([mediaType, annotations]) => descriptor(mediaType, annotations)),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}

function artifact(config: string, layers: readonly Layer[], artifactType?: string): ModelArtifact {
  const found = modelArtifactOf(manifest(config, layers, artifactType));
  if (!found) throw new Error('no model artifact');
  return found;
}

/** `role path`, `role (tar)`, `role (opaque)`. */
function summary({ layers }: ModelArtifact): string[] {
  return layers.map((layer) => `${layer.role} ${layer.kind === 'file' ? layer.path : `(${layer.kind})`}`);
}

const image = 'application/vnd.oci.image.config.v1+json';
const empty = 'application/vnd.oci.empty.v1+json';
const cncf = 'application/vnd.cncf.model';
const docker = 'application/vnd.docker.ai';
const kitops = 'application/vnd.kitops.modelkit';
const ollama = 'application/vnd.ollama.image';

const titled = (title: string): Layer => [
  'application/octet-stream',
  { 'org.opencontainers.image.title': title },
];

describe('the layers of a model artifact', () => {
  it('are none in an image', () => {
    expect(
      modelArtifactOf(manifest(image, [['application/vnd.oci.image.layer.v1.tar+gzip']])),
    ).toBeUndefined();
  });

  it("are ModelPack's, with the paths of their annotations", () => {
    const found = artifact(`${cncf}.config.v1+json`, [
      [`${cncf}.weight.v1.raw`, { 'org.cncf.model.filepath': 'weights/model.safetensors' }],
      [`${cncf}.weight.config.v1.raw`, { 'org.cncf.model.filepath': './config.json' }],
      [`${cncf}.doc.v1.tar`, { 'org.cncf.model.filepath': 'docs' }],
      [`${cncf}.code.v1.tar+gzip`],
      [`${cncf}.dataset.v1.tar+zstd`],
      [`${cncf}.weight.v1.raw`],
    ]);
    expect(found.scheme).toBe('modelpack');
    expect(summary(found)).toEqual([
      'weights weights/model.safetensors',
      'config config.json',
      'doc (tar)',
      'code (tar)',
      'dataset (tar)',
      'weights weights-2',
    ]);
    expect(found.problems).toEqual([]);
  });

  it("are ModelPack's by the type of the artifact, too, under its older name", () => {
    const layers: readonly Layer[] = [
      ['application/vnd.cnai.model.doc.v1.raw', { 'org.cnai.model.filepath': 'README.md' }],
    ];
    const found = artifact(empty, layers, 'application/vnd.cnai.model.manifest.v1+json');
    expect([found.scheme, ...summary(found)]).toEqual(['modelpack', 'doc README.md']);
  });

  it("are Docker's, one of a kind", () => {
    const types = [
      'gguf.v3',
      'gguf.v3.lora',
      'mmproj',
      'chat.template.jinja',
      'license',
      'license',
      'vllm.config.tar',
    ];
    const found = artifact(
      `${docker}.model.config.v0.1+json`,
      types.map((type): Layer => [`${docker}.${type}`]),
    );
    expect([found.scheme, ...summary(found)]).toEqual([
      'docker-ai',
      'weights model.gguf',
      'adapter adapter.gguf',
      'projector mmproj.gguf',
      'template chat_template.jinja',
      'license LICENSE',
      'license LICENSE-2',
      'config (tar)',
    ]);
  });

  it("are Docker's, in numbered parts or where their annotations say", () => {
    const shards = artifact(`${docker}.model.config.v0.1+json`, [
      [`${docker}.safetensors`],
      [`${docker}.license`],
      [`${docker}.safetensors`],
    ]);
    expect(summary(shards)).toEqual([
      'weights model-00001-of-00002.safetensors',
      'license LICENSE',
      'weights model-00002-of-00002.safetensors',
    ]);
    const nested = artifact(`${docker}.model.config.v0.2+json`, [
      [`${docker}.model.file`, { 'org.cncf.model.filepath': 'text_encoder/config.json' }],
      ['application/vnd.cncf.model.weight.v1.gguf'],
    ]);
    expect(summary(nested)).toEqual(['file text_encoder/config.json', 'weights model.gguf']);
  });

  it("are KitOps'", () => {
    const types = ['model', 'modelpart', 'dataset', 'code', 'docs'];
    const found = artifact(
      `${kitops}.config.v1+json`,
      types.map((type): Layer => [`${kitops}.${type}.v1.tar${type === 'code' ? '+gzip' : ''}`]),
    );
    expect([found.scheme, ...summary(found)]).toEqual([
      'kitops',
      'weights (tar)',
      'weights (tar)',
      'dataset (tar)',
      'code (tar)',
      'doc (tar)',
    ]);
  });

  it("are Ollama's, though its configuration calls itself an image's", () => {
    const types = [
      'model',
      'projector',
      'template',
      'system',
      'params',
      'messages',
      'license',
      'license',
      'tensor',
    ];
    const found = artifact(
      'application/vnd.docker.container.image.v1+json',
      types.map((type): Layer => [`${ollama}.${type}`]),
    );
    expect([found.scheme, ...summary(found)]).toEqual([
      'ollama',
      'weights model.gguf',
      'projector mmproj.gguf',
      'template ollama/template',
      'system ollama/system',
      'parameters ollama/params',
      'messages ollama/messages',
      'license ollama/license',
      'license ollama/license-2',
      'weights tensors/tensor.safetensors',
    ]);
  });

  it("are ORAS' files and packed directories", () => {
    const found = artifact(empty, [
      titled('models/a.onnx'),
      // What oras gives to a file without a type of its own.
      ['application/vnd.oci.image.layer.v1.tar', { 'org.opencontainers.image.title': 'notes.txt' }],
      [
        'application/vnd.oci.image.layer.v1.tar+gzip',
        { 'org.opencontainers.image.title': 'data', 'io.deis.oras.content.unpack': 'true' },
      ],
      ['application/vnd.oci.image.layer.v1.tar'],
    ]);
    expect([found.scheme, ...summary(found)]).toEqual([
      'oras',
      'file models/a.onnx',
      'file notes.txt',
      'file (tar)',
      'file (tar)',
    ]);
  });

  it('are said to be hidden where a title makes one file of what claims to be packed', () => {
    const packed = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
    const title = 'org.opencontainers.image.title';
    const found = artifact(empty, [
      [packed, { [title]: 'README.md' }],
      [packed, { [title]: 'layer.tar.gz' }],
      ['application/vnd.oci.image.layer.v1.tar', { [title]: 'notes.txt' }],
    ]);
    expect(summary(found)).toEqual(['file README.md', 'file layer.tar.gz', 'file notes.txt']);
    expect(found.problems).toMatchObject([{ code: 'titled-layer', effect: 'incomplete', path: 'README.md' }]);
  });

  it('are not looked into where nobody says what they are, and that is said', () => {
    const found = artifact(`${cncf}.config.v1+json`, [['application/vnd.example.thing']]);
    expect(summary(found)).toEqual(['file (opaque)']);
    expect(found.problems).toMatchObject([{ code: 'opaque-layer', effect: 'incomplete' }]);
  });

  it.each([
    ['/etc/passwd', 'passwd'],
    ['../../config.json', 'config.json'],
    ['a/../../b', 'b'],
    ['..\\..\\evil.dll', 'evil.dll'],
    ['C:evil', 'file'],
    ['a\nb', 'file'],
    ['..', 'file'],
    ['', 'file'],
    ['models/', 'file'],
    ['x\ud800', 'file'],
  ])('never leave the root under the title %j', (title, path) => {
    const found = artifact(empty, [titled(title)]);
    expect(summary(found)).toEqual([`file ${path}`]);
    expect(found.problems).toMatchObject([{ code: 'unsafe-path', effect: 'contradiction', path }]);
  });

  it('never have the path of another one, nor one through it', () => {
    const titles = ['a', './a', 'a/b', 'c/d', 'c', 'layer-6/c', 'c'];
    const found = artifact(empty, titles.map(titled));
    expect(summary(found)).toEqual([
      'file a',
      'file layer-2/a',
      'file layer-3/b',
      'file c/d',
      'file layer-5/c',
      'file layer-6/c',
      'file layer-7/c',
    ]);
    expect(found.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'duplicate-path layer-2/a',
      'duplicate-path layer-3/b',
      'duplicate-path layer-5/c',
      'duplicate-path layer-7/c',
    ]);
  });

  it('take no title for an escaped byte', () => {
    expect(summary(artifact(empty, [titled('50%20off')]))).toEqual(['file 50%2520off']);
  });

  it('have paths of their own below the root, whatever the titles are', () => {
    const part = fc.oneof(
      fc.constantFrom('a', 'b', '..', '.', '', '\\', '/', 'layer-1', 'layer-2', '%41', '\0', 'C:'),
      fc.string({ maxLength: 4 }),
    );
    const title = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(title, { maxLength: 8 }), (titles) => {
        const { layers } = artifact(empty, titles.map(titled));
        const paths = layers.flatMap((layer) => (layer.kind === 'file' ? [layer.path] : []));
        expect(paths).toHaveLength(titles.length);
        expect(new Set(paths).size).toBe(paths.length);
        for (const path of paths) {
          expect(path.split('/').every((each) => each !== '' && each !== '.' && each !== '..')).toBe(true);
          expect(path).not.toMatch(/[\p{Cc}\\]/u);
          expect(paths.some((other) => other.startsWith(`${path}/`))).toBe(false);
        }
      }),
    );
  });
});

describe('an image', () => {
  const tar = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const promised = json({ rootfs: { type: 'layers', diff_ids: [`sha256:${'0'.repeat(64)}`] } });

  it.each([
    ['its configuration says so', image, [tar], json({}), true],
    ['it has no layers', image, [], json({}), true],
    [
      'its configuration calls itself bytes, and promises layers',
      'application/octet-stream',
      [tar],
      promised,
      true,
    ],
    ['its configuration calls itself a page, and promises layers', 'text/html', [tar], promised, true],
    ['its layers call themselves bytes', 'application/json', ['application/octet-stream'], promised, true],
    [
      'a configuration of a model promises layers that are tars',
      `${docker}.model.config.v0.1+json`,
      [tar],
      promised,
      true,
    ],
  ])('is one where %s', (_, config, layers, bytes, expected) => {
    expect(
      isImage(
        manifest(
          config,
          layers.map((type) => [type]),
        ),
        bytes,
      ),
    ).toBe(expected);
  });

  it.each([
    ['there is no file system', image, ['application/vnd.in-toto+json'], promised],
    ["the layers are Ollama's", image, [`${ollama}.model`], promised],
    [
      "the layers are those of Docker's models",
      `${docker}.model.config.v0.1+json`,
      [`${docker}.gguf.v3`],
      promised,
    ],
    ['the configuration promises nothing', 'application/json', [tar], json({ rootfs: { diff_ids: [] } })],
    ['the configuration is empty', empty, [tar], json({})],
    ['the configuration is no JSON', 'application/yaml', [tar], Buffer.from('rootfs: []')],
    ['the configuration is a list', 'application/json', [tar], json([])],
  ])('is none where %s', (_, config, layers, bytes) => {
    expect(
      isImage(
        manifest(
          config,
          layers.map((type) => [type]),
        ),
        bytes,
      ),
    ).toBe(false);
  });

  it.each(['{"rootfs":{},"rootfs":{"diff_ids":["a"]}}', '{"Rootfs":{"diff_ids":["a"]}}'])(
    'is refused where Go reads another configuration: %s',
    (text) => {
      expect(() => isImage(manifest('text/html', [[tar]]), Buffer.from(text))).toThrow(
        expect.objectContaining({ code: 'E_MALFORMED' }),
      );
    },
  );
});
