import { realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unreadable } from '../../core/errors.ts';
import type { ImageStore } from '../../core/image.ts';
import { codecBytes, codecOf } from '../../formats/inflate/codec-of.ts';
import { archiveStore } from './archive-store.ts';
import { localBlob, type LocalBlob } from './local-blob.ts';
import type { OpenImageOptions } from './open-layout.ts';
import { openRegularFile } from '../file-entry.ts';
import { unpackArchive } from './unpack-archive.ts';

/**
 * A tar of an image layout, or what `docker save` writes, of both kinds; packed with gzip or zstd too.
 * @throws MlbomError `E_NOT_FOUND`, `E_UNREADABLE`, `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`, `E_UNWRITABLE`
 */
export async function openArchive(
  path: string,
  { name, signal }: OpenImageOptions = {},
): Promise<ImageStore> {
  const file = await fileBlob(path);
  const codec = codecOf(await file.read({ offset: 0, length: Math.min(codecBytes, file.size) }));
  const about = {
    uri: pathToFileURL(resolve(path)).href,
    name: basename(resolve(path)).replace(/\.(?:tar|tgz|tzst|tar\.(?:gz|zst))$/i, ''),
    place: path,
  };
  if (codec === 'none') {
    return archiveStore({ ...about, bytes: file, close: () => Promise.resolve() }, name, signal);
  }
  const unpacked = await unpackArchive(file, codec, path, signal);
  try {
    const bytes = localBlob({ file: unpacked.file, offset: 0, length: unpacked.size }, path);
    return await archiveStore({ ...about, bytes, close: () => unpacked.remove() }, name, signal);
  } catch (error) {
    await unpacked.remove();
    throw error;
  }
}

async function fileBlob(path: string): Promise<LocalBlob> {
  try {
    // A link that was named is followed: whoever names it means what it leads to.
    const real = await realpath(path);
    const handle = await openRegularFile(real, path);
    try {
      return localBlob({ file: real, offset: 0, length: (await handle.stat()).size }, path);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(error, path);
  }
}
