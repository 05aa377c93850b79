import { lstatSync, opendirSync, readlinkSync, type Stats } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import { relative } from 'node:path/posix';
import type { Entry, Excluded, Promised } from '../core/entry.ts';
import { unreadable } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { compareCodePoints } from '../core/order.ts';
import { incomplete, type Problem } from '../core/problem.ts';
import { throwIfAborted } from '../core/throw-if-aborted.ts';
import { turn } from '../core/turn.ts';
import { fileEntry } from './file-entry.ts';
import { resolveInRoot } from './resolve-in-root.ts';
import { kernelDirectories, leftOut } from './root-filesystem.ts';
import { escapePath } from '../core/path-escape.ts';

export interface WalkOptions {
  /** Where the walk starts: an absolute path without links. */
  readonly top: Buffer;
  /** Links may lead to anything inside: `top`, or the folder around it when the place's layout is made of links. */
  readonly bounds: Buffer;
  /** The claims of a file that the place's own layout links to; undefined for any other target of a link. */
  readonly promisesOf?: ((real: Buffer) => readonly Promised[] | undefined) | undefined;
  /** `top` is the root of a system: links are followed as that system would, and what is normal there is no problem. */
  readonly isRoot?: boolean | undefined;
  /** Names to look at; `limits.filesPerArtifact` when absent. */
  readonly names?: number | undefined;
}

interface Directory {
  readonly kind: 'directory';
  /** Empty for the top. */
  readonly path: string;
  readonly real: Buffer;
  readonly link?: string | undefined;
  readonly parent?: Directory;
  readonly depth: number;
}

type Found = Entry | Problem | Excluded | Directory;
/** A link to a directory that is listed where it lies. */
type Nothing = undefined;

/** What OpenSSF Model Signing ignores by default (its `ignore_git_paths`), at the root only. */
const ignored: ReadonlySet<string> = new Set(['.git', '.gitattributes', '.github', '.gitignore']);
const excludedBecause =
  'files of Git and its hosts are not part of the artifact (the default of OpenSSF Model Signing)';

/** Names that are examined at the same time. */
const batch = 128;

/**
 * Every file under a directory, sorted by the code points of the full path. Links are followed inside the bounds;
 * what is not read (links that lead out or nowhere, loops, special files, what permissions forbid) is a problem.
 * In the root of a system, links that lead nowhere and special files are normal, and excluded.
 * @throws MlbomError `E_NOT_FOUND` or `E_UNREADABLE` when the top cannot be listed; `E_ABORTED`
 */
export async function* walkDirectory(
  options: WalkOptions,
  signal?: AbortSignal,
): AsyncGenerator<Entry | Problem | Excluded> {
  let names = options.names ?? limits.filesPerArtifact;
  const visits = new Map<string, number>();
  const pending: Found[] = [{ kind: 'directory', path: '', real: options.top, depth: 0 }];
  for (let found = pending.pop(); found; found = pending.pop()) {
    throwIfAborted(signal);
    if (found.kind !== 'directory') {
      yield found;
      continue;
    }
    if (isVisitedTooOften(found, visits)) {
      yield incomplete(
        'limit',
        found.path,
        `the same directory is reached through more than ${limits.linkedVisits} links`,
      );
      continue;
    }
    await turn();
    const listed = list(found, names);
    if (!Array.isArray(listed)) {
      yield listed;
      continue;
    }
    names -= listed.length;
    if (names < 0) {
      yield incomplete('limit', '.', 'there are more files and directories than one artifact may have');
      return;
    }
    const inside = await examineAll(listed, found, options);
    // Reversed, because the last one is taken first.
    inside.sort((a, b) => compareCodePoints(key(b), key(a)));
    for (const one of inside) pending.push(one);
  }
}

/** A directory can be reached through links in so many ways that nobody sees the end of it. */
function isVisitedTooOften({ link, real }: Directory, visits: Map<string, number>): boolean {
  if (link === undefined) return false;
  const key = real.toString('latin1');
  const count = (visits.get(key) ?? 0) + 1;
  visits.set(key, count);
  return count > limits.linkedVisits;
}

/** As the paths inside a directory begin with its name and a slash, it stands where these do. */
function key(found: Found): string {
  return found.kind === 'directory' ? `${found.path}/` : found.path;
}

/** The names in a directory; one more than `most` when there are more. */
function list(directory: Directory, most: number): Buffer[] | Problem {
  const { path, real } = directory;
  if (directory.depth > limits.directoryDepth) {
    return incomplete('limit', path, `lies more than ${limits.directoryDepth} directories deep`);
  }
  const names: Buffer[] = [];
  try {
    const opened = opendirSync(real, { encoding: 'buffer' as BufferEncoding, bufferSize: 1024 });
    try {
      for (let item = opened.readSync(); item; item = opened.readSync()) {
        names.push(item.name as unknown as Buffer);
        if (names.length > most) break;
      }
    } finally {
      opened.closeSync();
    }
    return names;
  } catch (error) {
    const cause = unreadable(error, path || '.');
    if (path === '') throw cause;
    return incomplete('unreadable', path, cause.message);
  }
}

async function examineAll(
  names: readonly Buffer[],
  parent: Directory,
  options: WalkOptions,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let at = 0; at < names.length; at += batch) {
    const some = await Promise.all(names.slice(at, at + batch).map((name) => examine(name, parent, options)));
    found.push(...some.filter((each) => each !== undefined));
  }
  return found;
}

async function examine(name: Buffer, parent: Directory, options: WalkOptions): Promise<Found | Nothing> {
  const escaped = escapePath(name);
  if (parent.path === '' && ignored.has(escaped)) {
    return { kind: 'excluded', path: escaped, reason: excludedBecause };
  }
  const path = parent.path === '' ? escaped : `${parent.path}/${escaped}`;
  const real = join(parent.real, name);
  try {
    // Without the thread pool: a tree has tens of thousands of names, and the way there and back costs ten times the call.
    const stats = lstatSync(real);
    if (options.isRoot) return examineInRoot({ path, real, link: undefined, parent }, stats, options);
    if (stats.isSymbolicLink()) return await follow(path, real, parent, options);
    return classify({ path, real, link: parent.link, parent, sameAs: ownPath(real, parent, options) }, stats);
  } catch (error) {
    return incomplete('unreadable', path, unreadable(error, path).message);
  }
}

/** As a system sees its own files: a directory is listed once, under its own name, whatever links lead to it. */
function examineInRoot(place: Place, stats: Stats, options: WalkOptions): Found | Nothing {
  const { path, real, parent } = place;
  if (stats.isSymbolicLink()) {
    const target = resolveInRoot(options.top, real);
    if (target === 'ELOOP') return incomplete('symlink-loop', path, 'the symbolic link leads to itself');
    const there = target === 'ENOENT' ? undefined : lstatSync(target, { throwIfNoEntry: false });
    if (target === 'ENOENT' || !there) return { kind: 'excluded', path, reason: leftOut.nowhere };
    if (there.isDirectory()) return undefined;
    if (!there.isFile()) return { kind: 'excluded', path, reason: leftOut.device };
    const link = escapePath(readlinkSync(real, { encoding: 'buffer' }));
    return classify({ path, real: target, link, parent }, there);
  }
  if (!stats.isFile() && !stats.isDirectory()) return { kind: 'excluded', path, reason: leftOut.device };
  const isMounted =
    parent.path === '' && kernelDirectories.has(path) && stats.dev !== lstatSync(options.top).dev;
  return isMounted ? { kind: 'excluded', path, reason: leftOut.mounted } : classify(place, stats);
}

async function follow(path: string, link: Buffer, parent: Directory, options: WalkOptions): Promise<Found> {
  let real: Buffer;
  try {
    real = await realpath(link, { encoding: 'buffer' });
  } catch (error) {
    return brokenLink(error, path);
  }
  if (!isWithin(real, options.bounds)) {
    return incomplete('symlink-escapes', path, 'the symbolic link leads out of the place');
  }
  const stats = await lstat(real);
  const promises = stats.isFile() ? options.promisesOf?.(real) : undefined;
  const target = promises ? parent.link : await targetOf(link, real, parent);
  return classify({ path, real, link: target, parent, promises }, stats);
}

/** Where a link leads, as it says; relative, where it says it in full: that would name the machine. */
async function targetOf(link: Buffer, real: Buffer, parent: Directory): Promise<string> {
  const target = await readlink(link, { encoding: 'buffer' });
  if (target[0] !== 0x2f) return escapePath(target);
  const way = relative(parent.real.toString('latin1'), real.toString('latin1'));
  return escapePath(Buffer.from(way, 'latin1'));
}

function brokenLink(error: unknown, path: string): Problem {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ELOOP') return incomplete('symlink-loop', path, 'the symbolic link leads to itself');
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return incomplete('symlink-dangling', path, 'the symbolic link leads nowhere');
  }
  return incomplete('unreadable', path, unreadable(error, path).message);
}

interface Place {
  readonly path: string;
  readonly real: Buffer;
  readonly link: string | undefined;
  readonly parent: Directory;
  readonly sameAs?: string | undefined;
  readonly promises?: readonly Promised[] | undefined;
}

function classify(place: Place, stats: Stats): Found {
  const { path, real, link, parent } = place;
  if (stats.isFile()) {
    if (stats.size <= limits.fileBytes) return fileEntry({ ...place, size: stats.size });
    return incomplete('limit', path, `its ${stats.size} bytes are more than a file may have`);
  }
  if (!stats.isDirectory()) return incomplete('special-file', path, 'a device, socket or FIFO is not read');
  for (let above: Directory | undefined = parent; above; above = above.parent) {
    if (!above.real.equals(real)) continue;
    return incomplete('symlink-loop', path, 'the symbolic link leads to a directory that it lies in');
  }
  return { kind: 'directory', path, real, link, parent, depth: parent.depth + 1 };
}

/** Behind a linked directory: where the same file stands without the link, if that is in this place. */
function ownPath(real: Buffer, { link }: Directory, { top }: WalkOptions): string | undefined {
  if (link === undefined || !isWithin(real, top)) return undefined;
  return escapePath(real.subarray(withSlash(top).length));
}

function join(directory: Buffer, name: Buffer): Buffer {
  return Buffer.concat([withSlash(directory), name]);
}

function isWithin(real: Buffer, bounds: Buffer): boolean {
  const prefix = withSlash(bounds);
  return real.equals(bounds) || real.subarray(0, prefix.length).equals(prefix);
}

function withSlash(directory: Buffer): Buffer {
  return directory.at(-1) === 0x2f ? directory : Buffer.concat([directory, Buffer.from('/')]);
}
