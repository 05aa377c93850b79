import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileCollectors } from '../../collectors/registry.ts';
import { isSameDigest, sha256, type Digest } from '../../core/digest.ts';
import { messageOf } from '../../core/errors.ts';
import type { LayerResult, LayerTask } from '../../core/layer.ts';
import { limits } from '../../core/limits.ts';
import { version } from '../version.ts';
import {
  cacheFormat,
  decodeCachedLayer,
  encodeCachedLayer,
  type CachedLayer,
  type PackedForm,
} from './layer-cache-file.ts';

export interface LayerCacheOptions {
  /** `layerCacheDirectory()` when absent. */
  readonly directory?: string;
  /** What all files together may take; 1 GiB when absent. */
  readonly maxBytes?: number;
  /** What makes the facts of one version differ from another's; `collectorsVersion()` when absent. */
  readonly collectors?: string;
}

/** What was asked of a layer: other questions have other answers. `describe` is true when absent. */
export type LayerQuestion = Pick<LayerTask, 'chunks'> & Partial<Pick<LayerTask, 'describe'>>;

/**
 * Facts of layers that earlier runs verified, by the digest of the unpacked layer. Nothing here fails: what cannot be
 * read is not there, what cannot be written is not kept, and `note` says why.
 */
export interface LayerCache {
  readonly directory: string;
  /** Why nothing is kept, when nothing is. */
  note(): string | undefined;
  /**
   * What is known of a layer. Its result has the digest, size and codec of the packed form `as`, where that one was
   * verified, else of the latest one.
   */
  get(
    diffId: Digest,
    question: LayerQuestion,
    as?: Pick<PackedForm, 'digest' | 'size'>,
  ): Promise<CachedLayer | undefined>;
  /** Remembers a result; all promised digests have to have been met. */
  put(result: LayerResult, question: LayerQuestion): Promise<void>;
  /** How much there is. */
  report(): Promise<{ readonly files: number; readonly bytes: number }>;
  /** Removes everything, and says how much it was. */
  clean(): Promise<{ readonly files: number; readonly bytes: number }>;
}

const defaultBytes = 1024 * 1024 * 1024;
/** `<diff id>.<version>.json.gz`; other files in the directory are not ours. */
const ours = /^[0-9a-f]{64,128}\.[0-9a-f]{64}\.json\.gz$/;
const unfinished = /^\.[0-9a-f]{12}\.tmp$/;
/** Milliseconds after which a file that was never finished will not be. */
const abandoned = 3_600_000;

/** `layers` in `MLBOM_CACHE_DIR`, else in `mlbom` in the user's cache directory (XDG Base Directory Specification 0.8). */
export function layerCacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['MLBOM_CACHE_DIR'];
  if (own !== undefined && own !== '') return join(own, 'layers');
  const caches = environment['XDG_CACHE_HOME'] ?? '';
  return join(isAbsolute(caches) ? caches : join(homedir(), '.cache'), 'mlbom', 'layers');
}

/** Changes with every collector and with this package. */
export function collectorsVersion(): string {
  return [`mlbom ${version}`, ...fileCollectors.map((each) => `${each.id}:${each.version}`)].join('\n');
}

/** Opens the cache, and makes its directory: nobody but its owner can read or write there. */
export async function openLayerCache(options: LayerCacheOptions = {}): Promise<LayerCache> {
  const { directory = layerCacheDirectory(), maxBytes = defaultBytes } = options;
  const collectors = options.collectors ?? collectorsVersion();
  let note = await prepare(directory);

  function nameOf(diffId: Digest, { chunks = 'weights', describe = true }: LayerQuestion): string {
    const about = [cacheFormat, collectors, diffId.algorithm, chunks, describe];
    return `${diffId.hex}.${sha256(JSON.stringify(about))}.json.gz`;
  }

  async function read(name: string, diffId: Digest): Promise<CachedLayer | undefined> {
    const file = join(directory, name);
    const bytes = await bytesOf(file);
    if (bytes === 'none') return undefined;
    const layer = bytes === 'odd' ? undefined : await decodeCachedLayer(name, bytes);
    if (layer && isSameDigest(layer.result.diffId, diffId)) return layer;
    await rm(file, { force: true }).catch(() => undefined);
    return undefined;
  }

  return {
    directory,
    note: () => note,
    async get(diffId, question, as) {
      if (note !== undefined || !ours.test(nameOf(diffId, question))) return undefined;
      const name = nameOf(diffId, question);
      const layer = await read(name, diffId);
      if (!layer) return undefined;
      const now = new Date();
      await utimes(join(directory, name), now, now).catch(() => undefined);
      const form = layer.packed.find(
        ({ digest, size }) => as && isSameDigest(digest, as.digest) && size === as.size,
      );
      return form ? { ...layer, result: { ...layer.result, ...form } } : layer;
    },
    async put(result, question) {
      const name = nameOf(result.diffId, question);
      if (note !== undefined || !ours.test(name)) return;
      try {
        const known = await read(name, result.diffId);
        const { digest, size, codec } = result;
        const others = (known?.packed ?? []).filter((form) => !isSameDigest(form.digest, digest));
        const bytes = await encodeCachedLayer(name, { result, packed: [{ digest, size, codec }, ...others] });
        if (!bytes || bytes.length > maxBytes) return;
        await write(directory, name, bytes);
        await shrink(directory, maxBytes);
      } catch (error) {
        note = `layers are not remembered in ${directory} (${messageOf(error)})`;
      }
    },
    report: async () => total(await filesIn(directory)),
    async clean() {
      const files = (await filesIn(directory)).filter(({ name }) => ours.test(name) || unfinished.test(name));
      for (const { name } of files) await rm(join(directory, name), { force: true }).catch(() => undefined);
      return total(files);
    },
  };
}

/** Makes the directory; a reason not to use it, where another user could have put something there. */
async function prepare(directory: string): Promise<string | undefined> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const stats = await lstat(directory);
    if (!stats.isDirectory()) return `${directory} is no directory: layers are not remembered`;
    const user = process.getuid?.();
    if (user === undefined) return undefined;
    if (stats.uid !== user) return `${directory} belongs to another user: layers are not remembered`;
    if ((stats.mode & 0o022) !== 0) return `others may write to ${directory}: layers are not remembered`;
    return undefined;
  } catch (error) {
    return `layers are not remembered in ${directory} (${messageOf(error)})`;
  }
}

/** All bytes of a file, `none` where there is none, and `odd` for a link, a pipe, or more than there can be. */
async function bytesOf(file: string): Promise<Uint8Array | 'none' | 'odd'> {
  try {
    // A pipe would make the opening wait for somebody to write into it.
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > limits.cachedLayerBytes) return 'odd';
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'none' : 'odd';
  }
}

/** Beside its place and then under its name; a torn file would not have its checksum, so that nothing waits for the disk. */
async function write(directory: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(directory, `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600 });
    await rename(temporary, join(directory, name));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes what was not used for the longest time, until the rest fits. Another process may do the same meanwhile. */
async function shrink(directory: string, maxBytes: number): Promise<void> {
  const files = await filesIn(directory);
  const old = Date.now() - abandoned;
  for (const { name, stats } of files)
    if (unfinished.test(name) && stats.mtimeMs < old) await rm(join(directory, name), { force: true });
  let { bytes } = total(files);
  const byUse = files.filter(({ name }) => ours.test(name)).sort((a, b) => a.stats.mtimeMs - b.stats.mtimeMs);
  for (const { name, stats } of byUse) {
    if (bytes <= maxBytes) return;
    await rm(join(directory, name), { force: true });
    bytes -= stats.size;
  }
}

interface Found {
  readonly name: string;
  readonly stats: Stats;
}

async function filesIn(directory: string): Promise<Found[]> {
  const names = await readdir(directory).catch(() => []);
  const found: Found[] = [];
  for (const name of names) {
    if (!ours.test(name) && !unfinished.test(name)) continue;
    const stats = await lstat(join(directory, name)).catch(() => undefined);
    if (stats) found.push({ name, stats });
  }
  return found;
}

function total(files: readonly Found[]): { files: number; bytes: number } {
  const kept = files.filter(({ name }) => ours.test(name));
  return { files: kept.length, bytes: kept.reduce((sum, { stats }) => sum + stats.size, 0) };
}
