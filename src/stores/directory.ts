import { lstat, realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MlbomError, unreadable } from '../core/errors.ts';
import type { Store } from '../core/store.ts';
import { fileEntry } from './file-entry.ts';
import { gitFact } from './git-state.ts';
import { blobPromises, recognizeCachedSnapshot, snapshotFact } from './huggingface-cache.ts';
import { escapePath } from '../core/path-escape.ts';
import { isRootFilesystem } from './root-filesystem.ts';
import { walkDirectory } from './walk-directory.ts';

/**
 * Read access to a directory on this machine, to one file, to the root file system of a container that lies in a
 * directory, or to a repository in the cache of the Hugging Face Hub.
 * @throws MlbomError `E_NOT_FOUND`, `E_UNREADABLE`; `E_USAGE` when a cache holds several snapshots and none is main
 */
export async function openDirectory(path: string): Promise<Store> {
  const real = await realPath(path);
  const stats = await lstat(real).catch((error: unknown) => {
    throw unreadable(error, path);
  });
  if (stats.isFile()) return fileStore(path, real, stats.size);
  if (!stats.isDirectory()) {
    throw new MlbomError('E_UNREADABLE', `${path}: neither a file nor a directory`, { subject: path });
  }

  const snapshot = await recognizeCachedSnapshot(real);
  if (!snapshot) {
    return {
      ...common(path),
      entries: (signal) => walkDirectory({ top: real, bounds: real, isRoot: isRootFilesystem(real) }, signal),
      facts: async () => [await gitFact(real)].filter((fact) => fact !== undefined),
    };
  }
  const top = Buffer.from(snapshot.directory);
  const bounds = Buffer.from(snapshot.repository);
  return {
    ...common(path),
    name: snapshot.id,
    entries: (signal) =>
      walkDirectory({ top, bounds, promisesOf: (blob) => blobPromises(snapshot, blob) }, signal),
    facts: () => Promise.resolve([snapshotFact(snapshot)]),
  };
}

/** A place with one entry. A link that was named is followed: whoever names it means what it leads to. */
function fileStore(path: string, real: Buffer, size: number): Store {
  const entry = fileEntry({ path: escapePath(Buffer.from(basename(resolve(path)))), real, size });
  return {
    ...common(path),
    async *entries() {
      yield await Promise.resolve(entry);
    },
  };
}

function common(path: string): Pick<Store, 'uri' | 'name' | 'location' | 'facts'> {
  const absolute = resolve(path);
  return {
    uri: pathToFileURL(absolute).href,
    name: basename(absolute) || 'root',
    location: () => Promise.resolve({ provider: 'local', evidence: 'unknown' }),
    facts: () => Promise.resolve([]),
  };
}

async function realPath(path: string): Promise<Buffer> {
  try {
    return await realpath(path, { encoding: 'buffer' });
  } catch (error) {
    throw unreadable(error, path);
  }
}
