import { lstat, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ifFound, MlbomError, unreadable } from '../../core/errors.ts';
import type { Blob, ImageStore } from '../../core/image.ts';
import { openRegularFile } from '../file-entry.ts';
import { layoutStore } from './layout-store.ts';
import { localBlob } from './local-blob.ts';

export interface OpenImageOptions {
  /** One of several images at the place: its `org.opencontainers.image.ref.name`, a tag, or a digest. */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An image layout in a directory (OCI image-spec 1.1, image-layout.md). Its blobs are regular files, not links.
 * @throws MlbomError `E_UNSUPPORTED` where it is none; `E_NOT_FOUND`, `E_MALFORMED`, `E_LIMIT`, `E_UNREADABLE`
 */
export async function openLayout(path: string, { name }: OpenImageOptions = {}): Promise<ImageStore> {
  const directory = await realDirectory(path);
  const { store } = await layoutStore(
    {
      kind: 'oci-layout',
      uri: pathToFileURL(resolve(path)).href,
      name: basename(resolve(path)) || 'root',
      place: path,
      open: (file) => ifFound(openBlob(join(directory, file), `${path}: ${file}`)),
      close: () => Promise.resolve(),
    },
    name,
  );
  return store;
}

async function realDirectory(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await lstat(real)).isDirectory()) return real;
  } catch (error) {
    throw unreadable(error, path);
  }
  throw new MlbomError('E_UNSUPPORTED', `${path}: no image layout: not a directory`, {
    subject: path,
    rule: 'oci-layout',
  });
}

async function openBlob(file: string, subject: string): Promise<Blob> {
  try {
    const handle = await openRegularFile(file, subject);
    try {
      return localBlob({ file, offset: 0, length: (await handle.stat()).size }, subject);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(error, subject);
  }
}
