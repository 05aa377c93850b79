export const ociManifestType = 'application/vnd.oci.image.manifest.v1+json';
export const ociIndexType = 'application/vnd.oci.image.index.v1+json';
export const ociConfigType = 'application/vnd.oci.image.config.v1+json';
/** Two bytes, `{}`: in place of a configuration or a layer that there is not. */
export const ociEmptyType = 'application/vnd.oci.empty.v1+json';
export const dockerManifestType = 'application/vnd.docker.distribution.manifest.v2+json';
export const dockerListType = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const dockerConfigType = 'application/vnd.docker.container.image.v1+json';

/** Docker's first format: no digest covers its layers' order, and nothing writes it any more. */
const schema1Types: readonly string[] = [
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
];

const ociLayer = 'application/vnd.oci.image.layer.v1.tar';
const ociForeignLayer = 'application/vnd.oci.image.layer.nondistributable.v1.tar';
const dockerLayer = 'application/vnd.docker.image.rootfs.diff.tar';
const dockerForeignLayer = 'application/vnd.docker.image.rootfs.foreign.diff.tar';

/** OCI image-spec 1.1, layer.md and media-types.md; Docker's image-spec 2.2; BuildKit's and podman's spellings of zstd. */
const layerTypes: ReadonlySet<string> = new Set(
  [ociLayer, ociForeignLayer, dockerLayer, dockerForeignLayer].flatMap((type) =>
    ['', '+gzip', '.gzip', '+zstd', '.zstd'].map((packing) => `${type}${packing}`),
  ),
);

/** `tar`: a change of the file system, whatever packs it. `other`: anything else, a model's weights for example. */
export function layerKindOf(mediaType: string): 'tar' | 'other' {
  return layerTypes.has(mediaType) ? 'tar' : 'other';
}

export function isManifestType(mediaType: string): boolean {
  return mediaType === ociManifestType || mediaType === dockerManifestType;
}

export function isIndexType(mediaType: string): boolean {
  return mediaType === ociIndexType || mediaType === dockerListType;
}

export function isSchema1Type(mediaType: string): boolean {
  return schema1Types.includes(mediaType);
}

/** The configuration of an image, as opposed to one of a model. Ollama's models have it too: their layers tell. */
export function isImageConfigType(mediaType: string): boolean {
  return mediaType === ociConfigType || mediaType === dockerConfigType;
}
