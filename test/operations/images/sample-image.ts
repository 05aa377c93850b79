import type { Bom, Component } from '../../../src/core/bom.ts';
import { componentsOf as walkComponents, propertyOf } from '../../../src/core/components-of.ts';
import type { PropertyName } from '../../../src/core/vocabulary.ts';
import { imageOf, type ImageFixture, type ImageParts, type LayerParts } from '../../fixtures/image-writer.ts';
import { writeDistribution } from '../../fixtures/python-distribution.ts';
import { writeSafetensors } from '../../fixtures/safetensors-writer.ts';
import { writeTar, type TarFile } from '../../fixtures/tar-writer.ts';

export const timestamp = '2026-01-01T00:00:00Z';

const site = 'usr/lib/python3/dist-packages';

/** The database of Debian's packages, with these in it. */
export function dpkgStatus(packages: Readonly<Record<string, string>>): string {
  return Object.entries(packages)
    .map(
      ([name, version]) =>
        `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n\n`,
    )
    .join('');
}

/** A Debian with `bash` in it, and two files that are removed later. */
export const debianFiles: readonly TarFile[] = [
  { name: 'etc/', type: '5' },
  { name: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n' },
  { name: 'etc/motd', content: 'Welcome\n' },
  { name: 'var/cache/apt/pkgcache.bin', content: 'cached' },
  { name: 'usr/bin/bash', content: 'a shell' },
  { name: 'var/lib/dpkg/status', content: dpkgStatus({ bash: '5.2.15-2+b2' }) },
];

/** Python and a package of it; a whiteout, an opaque directory, hard links into this layer and the one below. */
export const pythonFiles: readonly TarFile[] = [
  {
    name: 'var/lib/dpkg/status',
    content: dpkgStatus({ bash: '5.2.15-2+b2', 'python3-minimal': '3.11.2-1+b1' }),
  },
  { name: 'usr/bin/python3.11', content: 'an interpreter' },
  { name: 'usr/bin/python3', type: '1', link: 'usr/bin/python3.11' },
  { name: 'usr/bin/sh', type: '1', link: 'usr/bin/bash' },
  ...Object.entries(
    writeDistribution({
      name: 'torch',
      version: '2.8.0+cu128',
      site,
      files: { 'torch/__init__.py': '' },
      info: { INSTALLER: 'pip\n' },
    }),
  ).map(([name, content]): TarFile => ({ name, content })),
  { name: 'etc/.wh.motd' },
  { name: 'var/cache/apt/.wh..wh..opq' },
  { name: 'var/cache/apt/archives/lock' },
];

export const weights = writeSafetensors({
  tensors: [{ name: 'model.embed_tokens.weight', dtype: 'F32', shape: [16, 16] }],
  metadata: { format: 'pt' },
});

export const modelConfig = JSON.stringify({
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: 16,
  vocab_size: 16,
  torch_dtype: 'float32',
});

export const modelFiles: readonly TarFile[] = [
  { name: 'models/tiny/model.safetensors', content: weights },
  { name: 'models/tiny/config.json', content: modelConfig },
];

export const sampleLayers: readonly LayerParts[] = [
  { tar: writeTar(debianFiles), createdBy: 'ADD rootfs.tar.xz / # buildkit' },
  {
    tar: writeTar(pythonFiles),
    codec: 'zstd',
    createdBy: 'RUN |1 TOKEN=hunter2-canary /bin/sh -c pip install torch # buildkit',
  },
  { tar: writeTar(modelFiles), codec: 'none', createdBy: 'COPY models /models # buildkit' },
];

/** Three layers: a Debian, Python on it, and a model. */
export function sampleImage(parts: Partial<ImageParts> = {}): ImageFixture {
  return imageOf({ layers: sampleLayers, ...parts });
}

/** All components, nested ones too. */
export function componentsOf(bom: Bom): Component[] {
  return [...walkComponents(bom)].map(({ component }) => component);
}

export function subjectOf(bom: Bom): Component {
  const subject = bom.metadata?.component;
  if (!subject) throw new Error('the BOM is about nothing');
  return subject;
}

/** All values of a property. */
export function valuesOf(component: Component, name: PropertyName): string[] {
  return (component.properties ?? []).filter((one) => one.name === name).map(({ value = '' }) => value);
}

/** The layers, lowest first. */
export function layersOf(bom: Bom): Component[] {
  const layers = componentsOf(bom).filter(
    (component) => propertyOf(component, 'mlbom:oci:layer-index') !== undefined,
  );
  return layers.sort((a, b) => indexOf(a) - indexOf(b));
}

function indexOf(layer: Component): number {
  return Number(propertyOf(layer, 'mlbom:oci:layer-index'));
}

/** The component that is the file of this path. */
export function fileOf(bom: Bom, path: string): Component | undefined {
  return componentsOf(bom).find((component) => propertyOf(component, 'mlbom:file:path') === path);
}

/** Problems of the BOM, as `code path: reason`. */
export function problemsIn(inventory: {
  readonly problems: readonly { readonly code: string; readonly path: string; readonly reason: string }[];
}): string[] {
  return inventory.problems.map(({ code, path, reason }) => `${code} ${path}: ${reason}`);
}
