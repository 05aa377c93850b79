import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Component } from '../../src/core/bom.ts';
import { componentsOf, propertyOf } from '../../src/core/components-of.ts';
import { generate, type Generated } from '../../src/operations/generate.ts';
import { diffIdsOf, formsOf, modelcar, realImage, runs, unpackedRoot, type Forms } from './image-fixture.ts';
import { installedPackages, packageOf, packagesOf, pipPackages } from './image-packages.ts';
import { timestamp } from './generated.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const image = realImage();

/** Lowest first, as scripts/ci/build-image.js makes them. */
const layers = {
  debian: 0,
  apt: 1,
  wheels: 2,
  model: 3,
  removal: 4,
  again: 5,
  opaque: 6,
  whiteout: 7,
} as const;

describe.skipIf(image === undefined)('an image of Debian packages, wheels and a model', () => {
  const directory = temporaryDirectory();
  let forms: Forms;
  let root: string;
  let fromLayout: Generated;
  let diffIds: readonly string[];

  beforeAll(async () => {
    if (!image) return;
    forms = await formsOf(image, directory);
    root = await unpackedRoot(image, directory);
    diffIds = diffIdsOf(image);
    fromLayout = await read(forms.layout);
  });

  it.each([
    'oci-archive',
    'docker-archive',
    'docker save with an index',
    'registry',
    'registry, in words of Docker',
  ] as const)('has the same components and layers as %s', async (form) => {
    const other = await read(forms[form]);
    expect(layersOf(other)).toEqual(layersOf(fromLayout));
    expect(comparable(other)).toEqual(comparable(fromLayout));
  });

  it('has the layers that its configuration names, in their order, with the lines that made them', () => {
    const named = layersOf(fromLayout);
    expect(named.map(({ diffId }) => diffId)).toEqual(diffIds);
    expect(named.map(({ createdBy }) => createdBy?.split(' ').slice(0, 2).join(' '))).toEqual([
      '/bin/sh -c',
      'RUN apt-get',
      'RUN pip',
      'COPY model',
      'RUN apt-get',
      'RUN apt-get',
      'COPY app',
      'RUN rm',
    ]);
    expect(named.map(({ verification }) => verification)).toEqual(named.map(() => 'content'));
  });

  it('has the Debian packages that dpkg-query lists in it', async () => {
    const theirs = await installedPackages(root);
    expect(packagesOf(fromLayout.bom, 'deb')).toEqual(theirs);
    expect(theirs.length).toBeGreaterThan(100);
  });

  it('has the Python packages that its own pip lists', async () => {
    expect(packagesOf(fromLayout.bom, 'pypi')).toEqual(await pipPackages(root));
  });

  it('is described as the directory into which umoci unpacks it', async () => {
    const unpacked = await read(`dir:${root}`);
    for (const type of ['deb', 'pypi'] as const)
      expect(packagesOf(fromLayout.bom, type)).toEqual(packagesOf(unpacked.bom, type));
    expect(weightsOf(fromLayout)).toEqual(weightsOf(unpacked));
  });

  it('shows the files that umoci unpacks, and no other', () => {
    const unpacked = filesBelow(root);
    const subject = fromLayout.bom.metadata?.component;
    expect(Number(subject && propertyOf(subject, 'mlbom:oci:files'))).toBe(unpacked.size);
    const bytes = [...unpacked.values()].reduce((sum, { size }) => sum + size, 0);
    expect(Number(subject && propertyOf(subject, 'mlbom:oci:bytes'))).toBe(bytes);
    const listed = filesOf(fromLayout).filter(({ link }) => link === undefined);
    expect(listed.length).toBeGreaterThan(3);
    for (const { path, sha256 } of listed)
      expect({ path, sha256 }).toEqual({ path, sha256: unpacked.get(path)?.sha256() });
  });

  it.each([
    ['deb', 'bash', layers.debian],
    ['deb', 'python3-minimal', layers.apt],
    ['pypi', 'numpy', layers.wheels],
    // Removed by one layer and installed again by a later one.
    ['deb', 'file', layers.again],
    // A newer version in place of the one that the layer of wheels brought.
    ['pypi', 'packaging', layers.again],
  ])('tells which layer brought the %s package %s', (type, name, layer) => {
    const found = everyComponent(fromLayout).filter((each) =>
      packageOf(each)?.startsWith(`${type} ${name} `),
    );
    expect(found.map((each) => propertyOf(each, 'mlbom:oci:introduced-by'))).toEqual([diffIds[layer]]);
  });

  it('tells what layers removed, and that a registry still has it', () => {
    const subject = fromLayout.bom.metadata?.component;
    const removed = valuesOf(subject, 'mlbom:oci:removed-package');
    for (const name of ['less', 'nano', 'six']) {
      expect(removed).toContainEqual(
        expect.objectContaining({ name, removedBy: diffIds[layers.removal] }) as unknown,
      );
    }
    expect(valuesOf(subject, 'mlbom:oci:hidden')).toContainEqual(
      expect.objectContaining({
        path: 'models/support/draft.safetensors',
        layer: diffIds[layers.model],
        removedBy: diffIds[layers.whiteout],
      }) as unknown,
    );
  });

  it('of a model alone, by buildah, is described as the directory of the model', async () => {
    const car = await read(await modelcar(join(root, 'models/support'), directory));
    const unpacked = await read(`dir:${join(root, 'models/support')}`);
    const inModels = weightsOf(unpacked).map((line) => `models/${line}`);
    expect(weightsOf(car)).toEqual(inModels);
    expect(inModels.length).toBeGreaterThan(1);
    expect(car.inventory.problems).toEqual([]);
  });

  it('has the labels that skopeo reads, and no value of a variable that may be a secret', async () => {
    const inspected = JSON.parse(await runs('skopeo', 'inspect', `oci:${image?.layout ?? ''}:v1`)) as {
      Labels: Readonly<Record<string, string>>;
      Layers: readonly string[];
    };
    const subject = fromLayout.bom.metadata?.component;
    const labels = subject?.properties?.filter(({ name }) => name === 'mlbom:oci:label');
    expect(labels?.map(({ value }) => value).sort()).toEqual(
      Object.entries(inspected.Labels)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
    expect(layerComponents(fromLayout).map(({ hashes }) => `sha256:${hashes?.[0]?.content ?? ''}`)).toEqual(
      inspected.Layers,
    );
    expect(JSON.stringify(fromLayout.bom)).not.toContain('not-for-anybodys-eyes');
  });
});

async function read(source: string): Promise<Generated> {
  return generate({ sources: [source], timestamp });
}

function everyComponent({ bom }: Generated): Component[] {
  return [...componentsOf(bom)].map(({ component }) => component);
}

interface LayerView {
  readonly diffId: string | undefined;
  readonly createdBy: string | undefined;
  readonly verification: string | undefined;
}

function layersOf(generated: Generated): LayerView[] {
  return layerComponents(generated).map((each) => ({
    diffId: propertyOf(each, 'mlbom:oci:diff-id'),
    createdBy: propertyOf(each, 'mlbom:oci:created-by'),
    verification: propertyOf(each, 'mlbom:oci:verification'),
  }));
}

/** Lowest first. */
function layerComponents(generated: Generated): Component[] {
  return everyComponent(generated)
    .filter((each) => propertyOf(each, 'mlbom:oci:layer-index') !== undefined)
    .sort((one, other) => layerIndex(one) - layerIndex(other));
}

function layerIndex(component: Component): number {
  return Number(propertyOf(component, 'mlbom:oci:layer-index'));
}

/** All that the BOM says of what is in the layers; how they are packed, and where they lie, differs. */
function comparable(generated: Generated): unknown[] {
  return everyComponent(generated)
    .filter((each) => each.type !== 'container' && propertyOf(each, 'mlbom:oci:layer-index') === undefined)
    .map((each) => ({ ...each, components: each.components?.length }));
}

function filesOf(
  generated: Generated,
): { path: string; sha256: string | undefined; link: string | undefined }[] {
  return everyComponent(generated).flatMap((each) => {
    const path = propertyOf(each, 'mlbom:file:path');
    if (path === undefined) return [];
    const sha256 = each.hashes?.find(({ alg }) => alg === 'SHA-256')?.content;
    return [{ path, sha256, link: propertyOf(each, 'mlbom:file:link') }];
  });
}

/** Names and digests of the files that hold weights. */
function weightsOf(generated: Generated): string[] {
  return filesOf(generated)
    .filter(({ path }) => /\.(?:safetensors|onnx)$/.test(path))
    .map(({ path, sha256 = '' }) => `${path} ${sha256}`)
    .sort();
}

function valuesOf(component: Component | undefined, name: string): unknown[] {
  return (component?.properties ?? [])
    .filter((property) => property.name === name)
    .map(({ value = '' }) => JSON.parse(value) as unknown);
}

/** Every regular file below a directory; each name of a file with several. */
function filesBelow(root: string): Map<string, { readonly size: number; sha256(): string }> {
  const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return new Map(
    found.map((each) => {
      const file = join(each.parentPath, each.name);
      const bytes = readFileSync(file);
      return [
        relative(root, file),
        { size: bytes.length, sha256: () => createHash('sha256').update(readFileSync(file)).digest('hex') },
      ];
    }),
  );
}
