import { sha256 } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Blob, ImageRoot, ImageStore } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { readSaveManifest, type SavedImage } from '../../formats/oci/read-save-manifest.ts';
import type { ArchiveFile, OpenMember } from './archive-store.ts';
import { isCalled, knownAs, notOneImage, type NamedImage } from './image-names.ts';
import { readSmall } from './read-small.ts';

export interface SavedArchive extends Pick<ArchiveFile, 'uri' | 'name' | 'place' | 'close'> {
  readonly open: OpenMember;
}

/**
 * What `docker save` wrote before it kept manifests: names of a configuration and of unpacked layers.
 * @param wanted the tag or the id of one of several images
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function savedStore(archive: SavedArchive, wanted: string | undefined): Promise<ImageStore> {
  const { uri, name, place, open } = archive;
  const images = await savedImages(open, place);
  const fitting =
    wanted === undefined ? images : images.filter((image) => isCalled(namedImage(image), wanted));
  const [image] = fitting.length === 1 ? fitting : [];
  return {
    kind: 'docker-archive',
    uri,
    name,
    ...knownAs(image?.tags ?? []),
    async root() {
      if (image) return rootOf(image, archive);
      throw notOneImage(fitting.map(namedImage), images.map(namedImage), wanted, place);
    },
    open: () =>
      Promise.reject(new MlbomError('E_NOT_FOUND', `${place} keeps no blobs by digest`, { subject: place })),
    referrers: () => Promise.resolve([]),
    close: () => archive.close(),
  };
}

/** @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_NOT_FOUND` */
export async function savedImages(open: OpenMember, place: string): Promise<readonly SavedImage[]> {
  const what = `${place}: manifest.json`;
  const bytes = await readSmall(needed(open, 'manifest.json', place), limits.imageManifestBytes, what);
  return readSaveManifest(bytes, what);
}

/** The configuration's bytes. @throws MlbomError `E_DIGEST` when its name is a digest that they have not */
export async function savedConfig(image: SavedImage, open: OpenMember, place: string): Promise<Uint8Array> {
  const blob = needed(open, image.config, place, 'the configuration');
  const bytes = await readSmall(
    blob,
    limits.imageManifestBytes,
    `${place}: the configuration ${image.config}`,
  );
  const hex = sha256(bytes);
  const named = idOf(image);
  if (named === undefined || named === hex) return bytes;
  throw new MlbomError(
    'E_DIGEST',
    `the configuration sha256:${named} is not what its name says: its bytes have the digest sha256:${hex}`,
    {
      subject: `sha256:${named}`,
      rule: 'image-digest',
      next: 'save the image again; somebody or something changed this archive',
    },
  );
}

async function rootOf(image: SavedImage, { open, place }: SavedArchive): Promise<ImageRoot> {
  await savedConfig(image, open, place);
  return {
    kind: 'saved',
    config: needed(open, image.config, place, 'the configuration'),
    layers: image.layers.map((name, at) =>
      needed(open, name, place, `layer ${at + 1} of ${image.layers.length}`),
    ),
  };
}

/** The image's id, where the name of the configuration is made of it. */
function idOf({ config }: SavedImage): string | undefined {
  return /(?:^|\/)(?:sha256:)?([0-9a-f]{64})(?:\.json)?$/.exec(config)?.[1];
}

function needed(open: OpenMember, name: string, place: string, what = 'a member'): Blob {
  const blob = open(name);
  if (blob) return blob;
  throw new MlbomError('E_NOT_FOUND', `${place}: ${what} ${name.slice(0, 160)} is missing`, {
    subject: name.slice(0, 160),
    rule: 'image-blob-missing',
    next: 'save the image again',
  });
}

function namedImage(image: SavedImage): NamedImage {
  const id = idOf(image);
  return { digest: id === undefined ? undefined : `sha256:${id}`, names: image.tags };
}
