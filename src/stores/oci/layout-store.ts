import { isHexOf, isSameDigest, sha256Digest, type Digest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Blob, Descriptor, ImageStore } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { layoutFileBytes, layoutVersion } from '../../formats/oci/layout-version.ts';
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
 * @throws MlbomError `E_UNSUPPORTED` where it is no layout, or of another version; `E_MALFORMED`, `E_LIMIT`
 */
export async function layoutStore(files: LayoutFiles, wanted?: string): Promise<Layout> {
  const { kind, uri, name, place } = files;
  checkVersion(
    await readSmall(await needed(files, 'oci-layout'), layoutFileBytes, `${place}: oci-layout`),
    place,
  );
  const what = `${place}: index.json`;
  const bytes = await readSmall(await needed(files, 'index.json'), limits.imageManifestBytes, what);
  const index = readManifest(bytes, ociIndexType, what);
  if (index.kind !== 'index') throw malformed(what, 'no index');
  const own = {
    mediaType: ociIndexType,
    digest: sha256Digest(bytes),
    size: bytes.length,
    annotations: {},
  };
  const choice = chooseImage(index.descriptors, own, wanted, place);
  const open = async ({ digest }: Descriptor): Promise<Blob> => {
    const path = isSameDigest(digest, own.digest) ? 'index.json' : blobPath(digest);
    const blob = await files.open(path);
    if (blob) return blob;
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

function checkVersion(bytes: Uint8Array, place: string): void {
  const subject = `${place}: oci-layout`;
  const version = layoutVersion(bytes, subject);
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
  throw new MlbomError('E_UNSUPPORTED', `${files.place}: no image layout: ${path} is missing`, {
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
