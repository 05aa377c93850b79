import { isHexOf, type Digest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Blob, Descriptor, ImageStore } from '../../core/image.ts';
import { textAt } from '../../core/json-access.ts';
import { parseJsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { ociIndexType } from '../../formats/oci/media-types.ts';
import { readManifest, type ReadIndex } from '../../formats/oci/read-manifest.ts';
import { chooseImage } from './choose-image.ts';
import { layoutReferrers } from './layout-referrers.ts';
import { readSmall } from './read-small.ts';

/** The files of a layout, wherever they are. */
export interface LayoutFiles {
  readonly kind: 'oci-layout' | 'oci-archive' | 'docker-archive';
  readonly uri: string;
  /** What the place calls itself. */
  readonly name: string;
  /** As the user named the place, for messages. */
  readonly place: string;
  /** A file by its path within the layout; undefined where there is none. */
  open(path: string): Promise<Blob | undefined>;
  close(): Promise<void>;
}

/** An image layout (OCI image-spec 1.1, image-layout.md) and what it keeps. */
export interface Layout {
  readonly index: ReadIndex;
  readonly store: ImageStore;
}

/**
 * @param wanted the name (`org.opencontainers.image.ref.name`) or the digest of one of its images
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`, `E_NOT_FOUND` where it is no layout
 */
export async function layoutStore(files: LayoutFiles, wanted?: string): Promise<Layout> {
  const { kind, uri, name, place } = files;
  checkVersion(
    await readSmall(await needed(files, 'oci-layout'), markerBytes, `${place}: oci-layout`),
    place,
  );
  const what = `${place}: index.json`;
  const index = readManifest(
    await readSmall(await needed(files, 'index.json'), limits.imageManifestBytes, what),
    ociIndexType,
    what,
  );
  if (index.kind !== 'index') throw malformed(what, 'no index');
  const choice = chooseImage(index.descriptors, wanted, place);
  const open = async ({ digest }: Descriptor): Promise<Blob> => {
    const blob = await files.open(blobPath(digest));
    if (blob) return blob;
    const path = blobPath(digest);
    throw new MlbomError('E_NOT_FOUND', `${place}: ${path} is missing`, { subject: path });
  };
  const store: ImageStore = {
    kind,
    uri,
    name,
    ...(choice.repository !== undefined && { repository: choice.repository }),
    tags: choice.tags,
    open,
    root: () =>
      new Promise((resolve) => {
        resolve(choice.root());
      }),
    referrers: (digest, signal) => layoutReferrers({ open }, index.descriptors, digest, signal),
    close: () => files.close(),
  };
  return { index, store };
}

/** `oci-layout` has one member. */
const markerBytes = 4096;

function checkVersion(bytes: Uint8Array, place: string): void {
  const subject = `${place}: oci-layout`;
  const version = textAt(parseJsonObject(bytes, { subject }), 'imageLayoutVersion');
  if (version === '1.0.0') return;
  if (version === undefined) throw malformed(subject, 'no imageLayoutVersion');
  throw new MlbomError(
    'E_UNSUPPORTED',
    `${subject}: layouts of version ${version.slice(0, 40)} are not read`,
    {
      subject,
      rule: 'oci-layout-version',
    },
  );
}

async function needed(files: LayoutFiles, path: string): Promise<Blob> {
  const blob = await files.open(path);
  if (blob) return blob;
  throw new MlbomError('E_NOT_FOUND', `${files.place}: no image layout: ${path} is missing`, {
    subject: files.place,
    rule: 'oci-layout',
  });
}

/** Digits alone reach the path: nothing in a descriptor can lead out of `blobs`. */
function blobPath({ algorithm, hex }: Digest): string {
  if (isHexOf(algorithm, hex) && (algorithm === 'sha256' || algorithm === 'sha512')) {
    return `blobs/${algorithm}/${hex}`;
  }
  throw malformed('a descriptor', 'no digest that names a blob');
}

function malformed(subject: string, message: string): MlbomError {
  return new MlbomError('E_MALFORMED', `${subject}: ${message}`, { subject, rule: 'oci-layout' });
}
