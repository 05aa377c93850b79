import { canonicalJson } from '../core/canonical-json.ts';
import { formatDigest, type Digest } from '../core/digest.ts';
import { attribute, type Attribute, type Reference } from '../core/fact.ts';
import type { Ancestor, Item } from '../core/inventory.ts';
import type { Evidence } from '../core/evidence.ts';
import { formatPlatform } from '../formats/oci/platform.ts';
import { packagePurl } from '../core/package-purl.ts';
import { nameOf } from '../core/path.ts';
import type { BaseStatement } from './base-image.ts';
import type { AttachedReference, CollectedImage, CollectedLayer } from './collected-image.ts';
import { emptyItem } from './empty-item.ts';
import type { RefMaker } from './refs.ts';

/** What an image adds to the artifact that it is. */
export interface ImageParts {
  readonly attributes: readonly Attribute[];
  readonly layers: readonly Item[];
  readonly ancestors: readonly Ancestor[];
}

/** What CycloneDX takes as a media type. */
const mediaTypeForm = /^[-+a-z0-9.]+\/[-+a-z0-9.]+$/;
/** Opaque directories that one layer lists. */
const mostOpaque = 100;
const observed: Evidence = { basis: 'observed', source: 'manifest', by: 'store' };
const declared: Evidence = { basis: 'declared', source: 'configuration', by: 'store' };
const place: Evidence = { basis: 'declared', source: 'layout', by: 'store' };

/** The digests, layers, base images and attached documents of an image. */
export function imageParts(image: CollectedImage, ref: RefMaker): ImageParts {
  return {
    attributes: attributesOf(image),
    layers: image.layers.map((layer, index) => layerItem(layer, layerRef(image.layers, index, ref))),
    ancestors: image.bases.map((base, index) => baseImage(base, ref('base-image', String(index)))),
  };
}

function attributesOf(image: CollectedImage): Attribute[] {
  const { manifest, platform } = image;
  const purl = purlOf(image);
  const references = image.attached.map((each) => referenceTo(each, image));
  return [
    ...(purl === undefined ? [] : [attribute('purl', purl, { ...place, basis: 'derived' })]),
    ...image.indexes.map((digest) => attribute('mlbom:oci:index-digest', formatDigest(digest), observed)),
    ...image.tags.map((tag) => attribute('mlbom:oci:tag', tag, place)),
    ...(manifest?.artifactType === undefined
      ? []
      : [attribute('mlbom:oci:artifact-type', manifest.artifactType, observed)]),
    ...(image.scheme === undefined ? [] : [attribute('mlbom:oci:scheme', image.scheme, observed)]),
    ...(platform ? [attribute('mlbom:oci:platform', formatPlatform(platform), declared)] : []),
    attribute('mlbom:oci:files', String(image.files), observed),
    attribute('mlbom:oci:bytes', String(image.bytes), observed),
    ...image.hidden.map((line) => attribute('mlbom:oci:hidden', line, observed)),
    ...image.removed.map((line) => attribute('mlbom:oci:removed-package', line, observed)),
    ...(references.length > 0 ? [attribute('references', references, place)] : []),
  ];
}

/** `pkg:oci/app@sha256:…` (purl-spec, "oci"); nothing without the digest that is its version. */
function purlOf({ manifest, repository, tags, platform }: CollectedImage): string | undefined {
  if (!manifest) return undefined;
  const version = formatDigest(manifest.digest);
  if (repository === undefined) return undefined;
  return packagePurl('oci', {
    name: nameOf(repository).toLowerCase(),
    version,
    qualifiers: { repository_url: repository, arch: platform?.architecture, tag: tags[0] },
  });
}

/** What lies beside the image, with the digest by which it can be fetched and checked. */
function referenceTo(attached: AttachedReference, { repository }: CollectedImage): Reference {
  const { digest, mediaType, artifactType, predicateType, how } = attached;
  const id = formatDigest(digest);
  const kind = predicateType ?? artifactType ?? mediaType;
  return {
    type: isBom(kind) ? 'bom' : 'attestation',
    url: repository === undefined ? id : `oci://${repository}@${id}`,
    comment: `${kind} (${how}; not verified)`,
    hashes: [digest],
  };
}

function isBom(kind: string): boolean {
  return /cyclonedx|spdx/i.test(kind);
}

/** By its content; a layer that stands in the image again is told apart by its place. */
function layerRef(layers: readonly CollectedLayer[], index: number, ref: RefMaker): string {
  const ids = layers.map(({ diffId, digest }) => diffId ?? digest).map((id) => (id ? formatDigest(id) : ''));
  const id = ids[index] ?? '';
  return id !== '' && ids.indexOf(id) === index ? ref('layer', id) : ref('layer', id, String(index));
}

function layerItem(layer: CollectedLayer, ref: string): Item {
  const { index, diffId, digest, title, mediaType, changes } = layer;
  const text = (
    name: Extract<Attribute['name'], `mlbom:${string}`>,
    value: string | number | undefined,
    evidence: Evidence,
  ): Attribute[] => (value === undefined ? [] : [attribute(name, String(value), evidence)]);
  return {
    ...emptyItem(ref, 'file'),
    attributes: [
      attribute('name', title ?? `layer ${index}`, { ...observed, basis: 'derived' }),
      ...(digest ? [attribute('hash', digest, observed)] : []),
      ...(mediaType !== undefined && mediaTypeForm.test(mediaType)
        ? [attribute('mimeType', mediaType, { ...observed, basis: 'declared' })]
        : []),
      ...text('mlbom:oci:diff-id', diffId && formatDigest(diffId), observed),
      ...text('mlbom:oci:layer-index', index, observed),
      ...text('mlbom:oci:size', layer.size, observed),
      ...text('mlbom:oci:size-unpacked', layer.unpackedSize, observed),
      ...text('mlbom:oci:codec', layer.codec, observed),
      ...text('mlbom:oci:created-by', layer.createdBy, declared),
      ...text('mlbom:oci:verification', layer.verification, observed),
      ...text('mlbom:oci:layer-files', changes && canonicalJson(changes), observed),
      ...layer.opaque
        .slice(0, mostOpaque)
        .map((directory) => attribute('mlbom:oci:opaque', directory, observed)),
    ],
  };
}

function baseImage({ name, digest, layers, how, confidence }: BaseStatement, ref: string): Ancestor {
  const evidence: Evidence = {
    basis: how === 'prefix' ? 'verified' : how === 'heuristic' ? 'derived' : 'declared',
    source: how === 'heuristic' ? 'history' : how,
    by: 'store',
  };
  const id: Digest | undefined = digest;
  return {
    ref,
    how: 'base-image',
    to: { name: name ?? (id ? formatDigest(id) : 'unknown base image') },
    evidence: [evidence],
    attributes: [
      ...(id ? [attribute('hash', id, evidence)] : []),
      attribute('mlbom:oci:base-evidence', how, evidence),
      attribute('mlbom:oci:base-confidence', String(confidence), evidence),
      ...(layers === undefined ? [] : [attribute('mlbom:oci:base-layers', String(layers), evidence)]),
    ],
  };
}
