import { isUtf8 } from 'node:buffer';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isHexOf } from '../core/digest.ts';
import type { Promised } from '../core/entry.ts';
import { MlbomError, unreadable } from '../core/errors.ts';
import { attribute, type Attribute, type Fact } from '../core/fact.ts';
import { hubPurl } from '../core/hub.ts';
import { openRegularFile } from './file-entry.ts';

/** One commit of a repository in a local cache of the Hugging Face Hub. */
export interface CachedSnapshot {
  readonly kind: 'models' | 'datasets';
  /** `org/name`, or `name` for the oldest repositories. */
  readonly id: string;
  readonly commit: string;
  /** The directory `snapshots/<commit>`; its links lead to `../../blobs`. */
  readonly directory: string;
  /** The folder `models--org--name`. */
  readonly repository: string;
}

/**
 * Recognises `models--org--name` and `models--org--name/snapshots/<commit>` (and `datasets--`): the layout of
 * huggingface_hub's cache (huggingface.co/docs/hub/local-cache). Undefined for any other directory.
 * @param real an absolute path without links
 * @throws MlbomError `E_USAGE` when it is not clear which snapshot is meant, `E_NOT_FOUND` when there is none
 */
export async function recognizeCachedSnapshot(real: Buffer): Promise<CachedSnapshot | undefined> {
  if (!isUtf8(real)) return undefined;
  const path = real.toString('utf8');
  const given = basename(path);
  if (isCommit(given) && basename(dirname(path)) === 'snapshots') {
    const repository = dirname(dirname(path));
    const named = parseFolderName(basename(repository));
    return named && { ...named, repository, directory: path, commit: given };
  }
  const named = parseFolderName(given);
  if (!named || !(await isDirectory(join(path, 'snapshots'))) || !(await isPureCache(path))) return undefined;
  const commit = await chooseCommit(path);
  return { ...named, repository: path, directory: join(path, 'snapshots', commit), commit };
}

/** What the name of a blob promises: its SHA-256 for files in Git LFS, Git's object name for the others. */
export function blobPromises(snapshot: CachedSnapshot, real: Buffer): readonly Promised[] | undefined {
  const path = real.toString('utf8');
  if (dirname(path) !== join(snapshot.repository, 'blobs')) return undefined;
  const hex = basename(path);
  if (isHexOf('sha256', hex)) return [{ algorithm: 'sha256', hex, by: 'blob name' }];
  if (isHexOf('git-blob-sha1', hex)) return [{ algorithm: 'git-blob-sha1', hex, by: 'blob name' }];
  return [];
}

/** Repository and commit, as the layout states them. */
export function snapshotFact({ kind, id, commit }: CachedSnapshot): Fact {
  const evidence = { basis: 'declared', source: 'layout', by: 'store' } as const;
  const attributes: Attribute[] = [attribute('name', id, evidence), attribute('version', commit, evidence)];
  if (kind === 'models') attributes.push(attribute('purl', hubPurl(id, commit), evidence));
  return {
    about: { kind: 'directory', path: '.' },
    type: kind === 'models' ? 'machine-learning-model' : 'data',
    attributes,
    relations: [],
  };
}

/** The Hub allows no `--` in names, so the parts are unambiguous. */
function parseFolderName(name: string): Pick<CachedSnapshot, 'kind' | 'id'> | undefined {
  const [kind, ...parts] = name.split('--');
  if (kind !== 'models' && kind !== 'datasets') return undefined;
  if (parts.length < 1 || parts.length > 2 || !parts.every((part) => /^[A-Za-z0-9._-]+$/.test(part))) {
    return undefined;
  }
  return { kind, id: parts.join('/') };
}

/**
 * True when nothing but the cache's own folders is there. Whoever can write to a copy could otherwise move the signed
 * files into `snapshots/` and put others in their place, unseen.
 */
async function isPureCache(path: string): Promise<boolean> {
  return (await readdir(path)).every((name) => ownFolders.has(name));
}

const ownFolders = new Set(['blobs', 'refs', 'snapshots', '.no_exist']);

/** What `refs/main` names, or the only snapshot there is. */
async function chooseCommit(repository: string): Promise<string> {
  const snapshots = await listSnapshots(join(repository, 'snapshots'));
  const main = await readMain(repository);
  if (main !== undefined && snapshots.includes(main)) return main;
  const [only, ...more] = snapshots;
  if (only === undefined) {
    throw new MlbomError('E_NOT_FOUND', `${repository}: the cache holds no snapshot of this repository`, {
      subject: repository,
      next: 'download it again',
    });
  }
  if (more.length === 0) return only;
  throw new MlbomError('E_USAGE', `${repository}: which of these snapshots? ${snapshots.join(', ')}`, {
    subject: repository,
    next: `name one, for example ${join(repository, 'snapshots', only)}`,
  });
}

async function listSnapshots(directory: string): Promise<string[]> {
  try {
    const found = await readdir(directory, { withFileTypes: true });
    // A link in the place of a snapshot could lead out of the repository.
    return found.flatMap((entry) => (entry.isDirectory() && isCommit(entry.name) ? [entry.name] : [])).sort();
  } catch (error) {
    throw unreadable(error, directory);
  }
}

/** The commit in `refs/main`; undefined when there is none or it is not one. */
async function readMain(repository: string): Promise<string | undefined> {
  const file = join(repository, 'refs', 'main');
  try {
    const handle = await openRegularFile(file, file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
      const commit = buffer.toString('latin1', 0, bytesRead).trim();
      return isCommit(commit) ? commit : undefined;
    } finally {
      await handle.close();
    }
  } catch (error) {
    const problem = unreadable(error, file);
    if (problem.code === 'E_NOT_FOUND') return undefined;
    throw problem;
  }
}

function isCommit(name: string): boolean {
  return isHexOf('sha1', name);
}

async function isDirectory(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() ?? false;
}
