import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, type Digest } from '../../core/digest.ts';
import { ifFound } from '../../core/errors.ts';
import type { Descriptor } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import { openLayout } from '../../stores/oci/open-layout.ts';
import { readInput } from '../read-input.ts';
import { writeAtomically } from '../write-atomically.ts';
import { readDocuments, referrersOf, subjectAmong, subjectAt } from './attach.ts';
import { keepListed, type SharedIndex } from './keep-listed.ts';

export interface AttachToLayoutOptions {
  /** Directory of an OCI layout. */
  readonly path: string;
  /** One of several images in it: a name, a tag or a digest. Else the BOM tells. */
  readonly name?: string | undefined;
  /** The exact bytes of the BOM. */
  readonly bom: Uint8Array;
  /** Its signature. */
  readonly bundle: Uint8Array;
  readonly settle?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AttachedToLayout {
  readonly subject: Digest;
  readonly referrers: readonly { readonly digest: Digest; readonly mediaType: string }[];
}

/**
 * Puts a BOM and its signed bundle into an OCI layout (OCI image-spec 1.1, image-layout.md), beside the image that they
 * are about: blobs first, then the entries of `index.json` by which oras and mlbom find them. Each file is written
 * whole or not at all.
 * @throws MlbomError as `openLayout`, and as `attach`
 */
export async function attachToLayout(options: AttachToLayoutOptions): Promise<AttachedToLayout> {
  const { path, name, settle = localSettle, signal } = options;
  const documents = readDocuments(options.bom, options.bundle);
  const store = await openLayout(path, { name, signal });
  const index = indexOf(path);
  const subject =
    name === undefined
      ? subjectAmong(await listedIn(index), documents, path)
      : await subjectAt(store, documents, signal);
  const referrers = referrersOf(documents, subject);
  for (const { manifest, blobs } of referrers) {
    for (const { bytes } of blobs) await keepBlob(path, bytes);
    await keepBlob(path, manifest);
  }
  const descriptors = referrers.map(({ descriptor }) => descriptor);
  await keepListed(index, descriptors, { settle, signal });
  return {
    subject: subject.digest,
    referrers: descriptors.map(({ digest, artifactType }) => ({ digest, mediaType: artifactType })),
  };
}

/** Milliseconds; between reading and renaming lies no network. */
const localSettle = 50;

function indexOf(path: string): SharedIndex {
  const name = join(path, 'index.json');
  return {
    name,
    async read() {
      const bytes = await ifFound(readInput(name, limits.imageManifestBytes));
      return bytes && { bytes };
    },
    async write(bytes) {
      await writeAtomically(name, bytes);
      return true;
    },
  };
}

async function listedIn(index: SharedIndex): Promise<readonly Descriptor[]> {
  const found = await index.read();
  const content = found && readManifest(found.bytes, undefined, index.name);
  return content?.kind === 'index' ? content.descriptors : [];
}

/** A blob of this name and size is taken for what it says; whoever reads it verifies it. */
async function keepBlob(path: string, bytes: Uint8Array): Promise<void> {
  const directory = join(path, 'blobs', 'sha256');
  const file = join(directory, sha256(bytes));
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile() && stats.size === bytes.length) return;
  await mkdir(directory, { recursive: true });
  await writeAtomically(file, bytes);
}
