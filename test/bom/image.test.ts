import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../src/bom/artifacts-of.ts';
import { assemble } from '../../src/bom/assemble.ts';
import { toSpecVersion } from '../../src/bom/downgrade.ts';
import { lint } from '../../src/bom/lint.ts';
import { validateSchema } from '../../src/bom/validate-schema.ts';
import type { Bom, Component } from '../../src/core/bom.ts';
import { propertyOf } from '../../src/core/components-of.ts';
import { sha256, type Digest } from '../../src/core/digest.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import type { CollectedArtifact } from '../../src/inventory/collected-artifact.ts';
import type { CollectedImage } from '../../src/inventory/collected-image.ts';
import { statementSubjects } from '../../src/signing/statement-subjects.ts';
import { collectFiles } from '../fixtures/collect-files.ts';
import { attributes } from '../fixtures/facts.ts';
import { modelFiles } from '../fixtures/model-directory.ts';

function digest(text: string): Digest {
  return { algorithm: 'sha256', hex: sha256(text) };
}

const image: CollectedImage = {
  kind: 'image',
  manifest: { digest: digest('manifest'), mediaType: 'application/vnd.oci.image.manifest.v1+json' },
  config: { digest: digest('config'), mediaType: 'application/vnd.oci.image.config.v1+json' },
  indexes: [digest('index')],
  repository: 'registry.example.org:5000/team/App',
  tags: ['v1'],
  platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
  layers: [0, 1, 2].map((index) => ({
    index,
    // The first and the last are the same.
    diffId: digest(`layer ${index % 2}`),
    digest: digest(`packed ${index}`),
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    size: 10,
    unpackedSize: 20,
    codec: 'gzip',
    createdBy: 'COPY model /models',
    verification: 'content',
    changes: { added: 3, replaced: 0, removed: 1, whiteouts: 1, opaque: 1 },
    opaque: ['srv'],
  })),
  bases: [
    { name: 'debian:12', digest: digest('base'), layers: 1, how: 'prefix', confidence: 1 },
    { layers: 2, how: 'heuristic', confidence: 0.2 },
  ],
  attached: [
    {
      digest: digest('bom'),
      mediaType: 'application/vnd.in-toto+json',
      predicateType: 'https://spdx.dev/Document',
      how: 'index',
    },
  ],
  files: 1000,
  bytes: 123_456,
  hidden: ['{"path":"secret.gguf"}'],
  removed: [],
};

/** A model below `models/`, a package and a plain file, in an image. */
async function imageArtifact(rest: Partial<CollectedImage> = {}): Promise<CollectedArtifact> {
  const inside = Object.entries(modelFiles()).map(([path, content]) => [`models/${path}`, content] as const);
  const files = { ...Object.fromEntries(inside), 'usr/share/doc/readme': 'text' };
  const { whole, ...collected } = await collectFiles(files);
  expect(whole).toBeDefined();
  const introduced = `sha256:${sha256('layer 1')}`;
  return {
    ...collected,
    facts: [
      ...collected.facts,
      {
        about: { kind: 'component', key: 'python:usr/lib/x', path: 'usr/lib/x' },
        type: 'library',
        attributes: attributes({ name: 'torch', version: '2', 'mlbom:oci:introduced-by': introduced }),
        relations: [],
      },
    ],
    image: { ...image, ...rest },
  };
}

async function bomOf(rest?: Partial<CollectedImage>): Promise<Bom> {
  const inventory = buildInventory([await imageArtifact(rest)]);
  return assemble(inventory, { timestamp: '2026-01-31T12:00:00Z', toolVersion: '0.1.0' });
}

function property(component: Component | undefined, name: string): string[] {
  return (component?.properties ?? []).flatMap((each) => (each.name === name ? (each.value ?? '') : []));
}

describe('the BOM of an image', () => {
  it('is valid in both versions', async () => {
    const bom = await bomOf();
    for (const version of ['1.7', '1.6'] as const) {
      const document = toSpecVersion(bom, version).bom as unknown as JsonObject;
      expect(await validateSchema(document)).toEqual([]);
      expect(lint(document).filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  it('is a container with the digest of its manifest, and a package URL', async () => {
    const subject = (await bomOf()).metadata?.component;
    expect(subject).toMatchObject({
      type: 'container',
      hashes: [{ alg: 'SHA-256', content: sha256('manifest') }],
      purl: `pkg:oci/app@sha256:${sha256('manifest')}?arch=arm64&repository_url=registry.example.org:5000/team/App&tag=v1`,
    });
    expect(property(subject, 'mlbom:oci:platform')).toEqual(['linux/arm64/v8']);
    expect(property(subject, 'mlbom:hash:scope')).toEqual(['oci-manifest']);
  });

  it('has its layers, each under a name of its own, by their unpacked digests', async () => {
    const subject = (await bomOf()).metadata?.component;
    const layers = (subject?.components ?? []).filter(
      (each) => propertyOf(each, 'mlbom:oci:diff-id') !== undefined,
    );
    const [first, second] = [0, 1].map((index) => `layer:sha256:${sha256(`layer ${index}`)}`);
    expect(layers.map((layer) => layer['bom-ref'])).toEqual([first, second, `${first ?? ''}#2`]);
    expect(layers[1]?.hashes).toEqual([{ alg: 'SHA-256', content: sha256('packed 1') }]);
    expect(property(layers[0], 'mlbom:oci:created-by')).toEqual(['COPY model /models']);
    expect(property(layers[0], 'mlbom:oci:opaque')).toEqual(['srv']);
  });

  it('nests the model with its files, lists no file that has nothing to say, and names what a package came with', async () => {
    const bom = await bomOf();
    const components = bom.metadata?.component?.components ?? [];
    const model = components.find(({ type }) => type === 'machine-learning-model');
    expect(model?.components?.map(({ name }) => name).every((name) => name.startsWith('models/'))).toBe(true);
    const names = components.map(({ name }) => name);
    expect(names).toContain('models/config.json');
    expect(names).not.toContain('usr/share/doc/readme');
    const torch = bom.components?.find(({ name }) => name === 'torch');
    expect(property(torch, 'mlbom:oci:introduced-by')).toEqual([`sha256:${sha256('layer 1')}`]);
  });

  it('names base images with how sure that is', async () => {
    const ancestors = (await bomOf()).metadata?.component?.pedigree?.ancestors ?? [];
    expect(
      ancestors.map((base) => [
        base.type,
        base.name,
        propertyOf(base, 'mlbom:oci:base-evidence'),
        propertyOf(base, 'mlbom:oci:base-confidence'),
      ]),
    ).toEqual([
      ['container', 'debian:12', 'prefix', '1'],
      ['container', 'unknown base image', 'heuristic', '0.2'],
    ]);
    expect(ancestors[0]?.hashes).toEqual([{ alg: 'SHA-256', content: sha256('base') }]);
  });

  it('links what lies beside it', async () => {
    expect((await bomOf()).metadata?.component?.externalReferences).toEqual([
      {
        type: 'bom',
        url: `oci://registry.example.org:5000/team/App@sha256:${sha256('bom')}`,
        comment: 'https://spdx.dev/Document (index; not verified)',
        hashes: [{ alg: 'SHA-256', content: sha256('bom') }],
      },
    ]);
  });

  it('can be verified: the manifest is what was signed', async () => {
    const bom = await bomOf();
    expect(artifactsOf(bom)).toMatchObject([
      { digest: sha256('manifest'), isImage: true, files: [], image: { config: digest('config') } },
    ]);
    expect(statementSubjects(bom).map((each) => each.digest['sha256'])).toEqual(
      expect.arrayContaining([sha256('manifest'), sha256('config')]),
    );
  });

  it('invents no manifest where there is none', async () => {
    const { manifest, ...saved } = image;
    expect(manifest).toBeDefined();
    const inventory = buildInventory([{ ...(await imageArtifact()), image: saved }]);
    const bom = assemble(inventory, { timestamp: '2026-01-31T12:00:00Z', toolVersion: '0.1.0' });
    const subject = bom.metadata?.component;
    expect(subject?.hashes).toEqual([{ alg: 'SHA-256', content: sha256('config') }]);
    expect(property(subject, 'mlbom:hash:scope')).toEqual(['oci-config']);
    expect(subject?.purl).toBeUndefined();
    expect(artifactsOf(bom)).toMatchObject([{ digest: sha256('config'), isImage: true }]);
  });

  it('is refused when its hash and its digests differ', async () => {
    const bom = await bomOf();
    const subject = bom.metadata?.component;
    if (subject) subject.hashes = [{ alg: 'SHA-256', content: sha256('other') }];
    expect(() => artifactsOf(bom)).toThrow(/not the digest that its properties name/);
  });
});
