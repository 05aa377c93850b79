import { opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMlbomError, unreadable } from '../../core/errors.ts';
import { codecBytes, codecOf } from '../../formats/inflate/codec-of.ts';
import { layoutFileBytes, layoutVersion } from '../../formats/oci/layout-version.ts';
import { archiveKind, packedKind } from './archive-kind.ts';
import { openRegularFile } from '../file-entry.ts';
import { localBlob } from './local-blob.ts';

export type ImagePlaceKind = 'oci-layout' | 'oci-archive' | 'docker-archive';

/**
 * What kind of image lies at a path, by its content; undefined for anything else. An archive is one when every member
 * has a name that archives of images have: an ordinary tar is told by its first file.
 * @throws MlbomError `E_NOT_FOUND`, `E_UNREADABLE`
 */
export async function recogniseImage(path: string): Promise<ImagePlaceKind | undefined> {
  try {
    const real = await realpath(path);
    const stats = await stat(real);
    if (stats.isDirectory()) return (await isLayout(real)) ? 'oci-layout' : undefined;
    if (!stats.isFile()) return undefined;
    const file = localBlob({ file: real, offset: 0, length: stats.size }, path);
    const codec = codecOf(await file.read({ offset: 0, length: Math.min(codecBytes, file.size) }));
    return codec === 'none' ? await archiveKind(file) : await packedKind(file, codec);
  } catch (error) {
    if (isMlbomError(error) && contents.has(error.code)) return undefined;
    throw unreadable(error, path);
  }
}

/** Errors about what is in a file that turns out to be something else. */
const contents: ReadonlySet<string> = new Set(['E_MALFORMED', 'E_LIMIT', 'E_UNSUPPORTED']);

/** Names in the root of a layout: the standard's, and what engines and tools leave there. */
const layoutNames: ReadonlySet<string> = new Set([
  'blobs',
  'index.json',
  'index.json.lock',
  'ingest',
  'manifest.json',
  'oci-layout',
  'repositories',
]);

/**
 * The marker makes a layout, also of one that is not whole: then it is not taken for files in silence. Anything beside
 * it makes files of the directory: whoever can put a few there must not be able to hide the rest.
 */
async function isLayout(directory: string): Promise<boolean> {
  if (!(await hasMarker(directory))) return false;
  const names = await opendir(directory);
  for await (const { name } of names) if (!layoutNames.has(name)) return false;
  return true;
}

async function hasMarker(directory: string): Promise<boolean> {
  try {
    const marker = await openRegularFile(join(directory, 'oci-layout'), 'oci-layout');
    try {
      const bytes = Buffer.alloc(layoutFileBytes);
      const { bytesRead } = await marker.read(bytes, 0, layoutFileBytes, 0);
      return layoutVersion(bytes.subarray(0, bytesRead)) !== undefined;
    } finally {
      await marker.close();
    }
  } catch (error) {
    if (isMlbomError(error)) return false;
    throw error;
  }
}
