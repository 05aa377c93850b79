import type { Bom, Component } from '../core/bom.ts';
import { isHexOf, type Digest } from '../core/digest.ts';
import { MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { ManifestFile } from '../core/manifest.ts';
import type { PropertyName } from '../core/vocabulary.ts';

/** A file of an artifact as a BOM states it. */
export interface StatedFile extends ManifestFile {
  readonly tensorRoot?: string;
  readonly link?: string;
}

/** An artifact as a BOM states it: nothing of it is checked against anything. */
export interface StatedArtifact {
  readonly name: string;
  readonly version?: string;
  /** SHA-256 in hex: the artifact digest; of an image alone, the digest of its manifest, or else of its configuration. */
  readonly digest: string;
  readonly omsRoot?: string;
  /** Empty for an image, whose own digests cover every byte. */
  readonly files: readonly StatedFile[];
  readonly image?: StatedImage;
  /** Its digest is the image's own. */
  readonly isImage?: true;
}

/** The digests of an image as a BOM states them. */
export interface StatedImage {
  readonly manifest?: Digest;
  readonly config: Digest;
}

/**
 * The artifacts of a BOM, with their files: the components whose SHA-256 has the scope `manifest`. Nothing may be read in
 * two ways: a file that no artifact covers, or a property or SHA-256 that stands twice, is refused.
 * @throws MlbomError `E_MALFORMED`; also for a file that lacks what its manifest line needs
 */
export function artifactsOf(bom: Bom): StatedArtifact[] {
  const artifacts: StatedArtifact[] = [];
  function visit(component: Component, files: StatedFile[] | undefined): void {
    let own = files;
    const scope = text(component, 'mlbom:hash:scope');
    if (scope === 'manifest') {
      own = [];
      artifacts.push(statedArtifact(component, own));
    } else if (scope === 'oci-manifest' || scope === 'oci-config') {
      // What is listed in it is covered by its own digest.
      artifacts.push(imageArtifact(component, scope));
      return;
    } else if (text(component, 'mlbom:file:path') !== undefined) {
      if (!own) throw malformed(component, 'a file that belongs to no artifact');
      own.push(statedFile(component));
    }
    for (const nested of component.components ?? []) visit(nested, own);
  }
  if (bom.metadata?.component) visit(bom.metadata.component, undefined);
  for (const component of bom.components ?? []) visit(component, undefined);
  return artifacts;
}

function statedArtifact(component: Component, files: readonly StatedFile[]): StatedArtifact {
  const { name, version } = component;
  const root = text(component, 'mlbom:oms:root');
  const image = statedImage(component);
  return {
    name,
    ...(version === undefined ? {} : { version }),
    digest: sha256Of(component),
    ...(root === undefined ? {} : { omsRoot: root }),
    ...(image ? { image } : {}),
    files,
  };
}

function imageArtifact(component: Component, scope: 'oci-manifest' | 'oci-config'): StatedArtifact {
  const { name, version } = component;
  const image = statedImage(component);
  const digest = scope === 'oci-manifest' ? image?.manifest : image?.config;
  if (!image || digest?.algorithm !== 'sha256') {
    throw malformed(
      component,
      `its ${scope === 'oci-manifest' ? 'manifest' : 'configuration'} has no SHA-256`,
    );
  }
  if (digest.hex !== sha256Of(component)) {
    throw malformed(component, 'its SHA-256 is not the digest that its properties name');
  }
  return {
    name,
    ...(version === undefined ? {} : { version }),
    digest: digest.hex,
    image,
    files: [],
    isImage: true,
  };
}

function statedImage(component: Component): StatedImage | undefined {
  const config = digestAt(component, 'mlbom:oci:config-digest');
  const manifest = digestAt(component, 'mlbom:oci:manifest-digest');
  return config && { config, ...(manifest ? { manifest } : {}) };
}

function digestAt(component: Component, name: PropertyName): Digest | undefined {
  const value = text(component, name);
  if (value === undefined) return undefined;
  const [algorithm, hex = ''] = value.split(':', 2);
  if (
    (algorithm === 'sha256' || algorithm === 'sha512') &&
    isHexOf(algorithm, hex) &&
    value.length === algorithm.length + 1 + hex.length
  )
    return { algorithm, hex };
  throw malformed(component, `${name} is no digest`);
}

function statedFile(component: Component): StatedFile {
  const tensorRoot = text(component, 'mlbom:file:tensor-root');
  const link = text(component, 'mlbom:file:link');
  return {
    path: text(component, 'mlbom:file:path') ?? '',
    size: count(component, 'mlbom:file:size'),
    sha256: sha256Of(component),
    chunkSize: count(component, 'mlbom:file:chunk-size'),
    chunkRoot: hex(component, 'mlbom:file:chunk-root'),
    ...(tensorRoot === undefined ? {} : { tensorRoot }),
    ...(link === undefined ? {} : { link }),
  };
}

function text(component: Component, name: PropertyName): string | undefined {
  const [property, second] = component.properties?.filter((one) => one.name === name) ?? [];
  if (second) throw malformed(component, `${name} stands twice`);
  return property?.value;
}

function count(component: Component, name: PropertyName): number {
  const value = text(component, name) ?? '';
  const number = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  if (number <= limits.fileBytes) return number;
  throw malformed(component, `${name} is not a number of bytes`);
}

function hex(component: Component, name: PropertyName): string {
  const value = text(component, name) ?? '';
  if (isHexOf('sha256', value)) return value;
  throw malformed(component, `${name} is not a SHA-256`);
}

function sha256Of(component: Component): string {
  const [hash, second] = component.hashes?.filter(({ alg }) => alg === 'SHA-256') ?? [];
  if (second) throw malformed(component, 'it has two SHA-256');
  const value = hash?.content.toLowerCase() ?? '';
  if (isHexOf('sha256', value)) return value;
  throw malformed(component, 'it has no SHA-256');
}

function malformed(component: Component, why: string): MlbomError {
  const subject = component['bom-ref'] ?? component.name;
  return new MlbomError('E_MALFORMED', `component ${subject}: ${why}`, { subject, rule: 'bom-artifact' });
}
