import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, type Digest } from '../../core/digest.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import { readInput } from '../read-input.ts';
import { writeAtomically } from '../write-atomically.ts';
import { readDocuments, referrersOf, subjectAmong } from './attach.ts';
import { keepListed, type SharedIndex } from './keep-listed.ts';

export interface AttachToLayoutOptions {
  /** Directory of an OCI layout. */
  readonly path: string;
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
 * @throws MlbomError `E_UNSUPPORTED` for a place that is no layout, else as `attach`
 */
export async function attachToLayout(options: AttachToLayoutOptions): Promise<AttachedToLayout> {
  const { path, settle = localSettle, signal } = options;
  const documents = readDocuments(options.bom, options.bundle);
  const index = indexOf(path);
  const found = await index.read(signal);
  const content = found && readManifest(found.bytes, undefined, index.name);
  if (content?.kind !== 'index') {
    throw new MlbomError('E_UNSUPPORTED', `${path}: not an OCI layout: it has no index.json`, {
      subject: path,
      next: 'name the directory in which index.json and oci-layout are',
    });
  }
  const subject = subjectAmong(content.descriptors, documents, path);
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
      try {
        return { bytes: await readInput(name, limits.imageManifestBytes) };
      } catch (error) {
        if (isMlbomError(error) && error.code === 'E_NOT_FOUND') return undefined;
        throw error;
      }
    },
    async write(bytes) {
      await writeAtomically(name, bytes);
      return true;
    },
  };
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
