import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fileCollectors } from '../../../src/collectors/registry.ts';
import { walk } from '../../../src/collectors/walk.ts';
import { sha256 } from '../../../src/core/digest.ts';
import type { LayerResult } from '../../../src/core/layer.ts';
import {
  collectorsVersion,
  layerCacheDirectory,
  openLayerCache,
  type LayerCache,
  type LayerCacheOptions,
} from '../../../src/operations/images/layer-cache.ts';
import { decodeCachedLayer } from '../../../src/operations/images/layer-cache-file.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { modelFiles, type Files } from '../../fixtures/model-directory.ts';

const made: string[] = [];
afterEach(() => {
  for (const each of made.splice(0)) rmSync(each, { recursive: true, force: true });
});

function place(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mlbom-layers-'));
  made.push(directory);
  return join(directory, 'cache');
}

function opened(directory: string, options: LayerCacheOptions = {}): Promise<LayerCache> {
  return openLayerCache({ directory, collectors: 'test 1', ...options });
}

function resultOf(name: string, rest: Partial<LayerResult> = {}): LayerResult {
  return {
    digest: { algorithm: 'sha256', hex: sha256(`packed ${name}`) },
    diffId: { algorithm: 'sha256', hex: sha256(name) },
    size: 10,
    unpackedSize: 20,
    codec: 'gzip',
    entries: [{ path: name, type: 'file', size: 3, sha256: sha256('abc') }],
    whiteouts: ['gone'],
    opaque: [],
    readings: [],
    problems: [],
    ...rest,
  };
}

const weights = { chunks: 'weights' } as const;

/** The cache with one layer in it, and the file that it is. */
async function filled(): Promise<{
  cache: LayerCache;
  directory: string;
  file: string;
  result: LayerResult;
}> {
  const directory = place();
  const cache = await opened(directory);
  const result = resultOf('a');
  await cache.put(result, weights);
  const [name = ''] = readdirSync(directory);
  return { cache, directory, file: join(directory, name), result };
}

describe('a layer in the cache', () => {
  it('is what was put there, under its digest and in files that are nobody else’s', async () => {
    const { cache, directory, file, result } = await filled();
    const { digest, size, codec } = result;
    expect(await cache.get(result.diffId, weights)).toStrictEqual({
      result,
      packed: [{ digest, size, codec }],
    });
    expect(file).toContain(`/${result.diffId.hex}.`);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(cache.note()).toBeUndefined();
  });

  it('is unknown to another question, another version of the collectors, and under another digest', async () => {
    const { cache, directory, result } = await filled();
    expect(await cache.get(result.diffId, { chunks: 'all' })).toBeUndefined();
    expect(await cache.get(result.diffId, { chunks: 'weights', describe: false })).toBeUndefined();
    expect(await cache.get({ algorithm: 'sha256', hex: sha256('b') }, weights)).toBeUndefined();
    const later = await opened(directory, { collectors: 'test 2' });
    expect(await later.get(result.diffId, weights)).toBeUndefined();
    expect(await cache.get(result.diffId, { chunks: 'weights', describe: true })).toBeDefined();
  });

  it('is known in every packed form that was verified', async () => {
    const { cache, result } = await filled();
    const zstd = { digest: { algorithm: 'sha256', hex: sha256('zstd') }, size: 7, codec: 'zstd' } as const;
    await cache.put({ ...result, ...zstd }, weights);
    const { digest, size, codec } = result;
    expect((await cache.get(result.diffId, weights))?.packed).toEqual([zstd, { digest, size, codec }]);
    expect((await cache.get(result.diffId, weights, result))?.result).toEqual(result);
    expect((await cache.get(result.diffId, weights, zstd))?.result).toEqual({ ...result, ...zstd });
    expect((await cache.get(result.diffId, weights, { ...zstd, size: 8 }))?.packed).toHaveLength(2);
  });

  it('may have a digest of the other algorithm', async () => {
    const { cache } = await filled();
    const result = resultOf('long', { diffId: { algorithm: 'sha512', hex: sha256('x').repeat(2) } });
    await cache.put(result, weights);
    expect((await cache.get(result.diffId, weights))?.result).toStrictEqual(result);
  });

  it('is not written where it could not be read again', async () => {
    const { cache } = await filled();
    const odd = [
      { entries: [{ path: 'x', type: 'file', size: 1n }] },
      { entries: [{ path: 'x', type: 'file', size: NaN }] },
      { readings: [new Map()] },
      { more: [true] },
      { diffId: { algorithm: 'sha256', hex: '../../x' } },
    ];
    for (const rest of odd)
      await cache.put({ ...resultOf('odd'), ...rest } as unknown as LayerResult, weights);
    expect(cache.note()).toBeUndefined();
    expect(await cache.report()).toMatchObject({ files: 1 });
  });
});

describe('a file that is not as it was written', () => {
  async function isMiss(change: (file: string) => void): Promise<void> {
    const { cache, file, result } = await filled();
    change(file);
    expect(await cache.get(result.diffId, weights)).toBeUndefined();
    expect(existsSync(file)).toBe(false);
    await cache.put(result, weights);
    expect(await cache.get(result.diffId, weights)).toBeDefined();
  }

  it('is a miss, and gone, with any of its bits turned', async () => {
    const { cache, file, result } = await filled();
    const good = readFileSync(file);
    const { packed } = (await cache.get(result.diffId, weights)) ?? {};
    // Nine bytes of gzip's header say when and where it was packed, which is nobody's concern.
    for (let at = 0; at < good.length; at += 3) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(file, bytes);
      const read = await cache.get(result.diffId, weights);
      if (at >= 10 || read) expect(read).toEqual(at >= 10 ? undefined : { result, packed });
      expect(existsSync(file)).toBe(read !== undefined);
    }
  });

  it.each([0, 1, 12, 100])('is a miss, and gone, when %i bytes of it are left', (length) =>
    isMiss((file) => {
      truncateSync(file, length);
    }),
  );

  it('is a miss when it unpacks to more than a cached layer can be', async () => {
    const { file } = await filled();
    const [name, bytes] = [basename(file), readFileSync(file)];
    const { length } = gunzipSync(bytes);
    expect(await decodeCachedLayer(name, bytes, length)).toBeDefined();
    expect(await decodeCachedLayer(name, bytes, length - 1)).toBeUndefined();
  });

  it('is a miss when it is a link, whatever the link leads to', async () => {
    const { directory, file } = await filled();
    const outside = join(directory, '..', 'outside');
    writeFileSync(outside, readFileSync(file));
    await isMiss((link) => {
      rmSync(link);
      symlinkSync(outside, link);
    });
    expect(existsSync(outside)).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('is a miss when it is a pipe', async () => {
    const { cache, file, result } = await filled();
    rmSync(file);
    execFileSync('mkfifo', [file]);
    expect(await cache.get(result.diffId, weights)).toBeUndefined();
    expect(existsSync(file)).toBe(false);
  });

  it('is a miss when it is another layer’s', async () => {
    const { cache, directory, file, result } = await filled();
    await cache.put(resultOf('b'), weights);
    const other = readdirSync(directory).find((name) => !file.endsWith(name)) ?? '';
    writeFileSync(file, readFileSync(join(directory, other)));
    expect(await cache.get(result.diffId, weights)).toBeUndefined();
  });

  it('is a miss when somebody wrote something else with a checksum of its own', async () => {
    const { cache, file, result } = await filled();
    const [, line = ''] = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
    const write = (content: string): void => {
      writeFileSync(file, gzipSync(`mlbom layer 1 ${sha256(content)}\n${content}`));
    };
    write(line);
    expect(await cache.get(result.diffId, weights)).toBeDefined();
    const good = JSON.parse(line) as { result: object };
    const leaves = Object.keys(good.result);
    for (const key of leaves) {
      for (const value of [undefined, null, 1.5, {}, [[]], [{}], 'x']) {
        write(JSON.stringify({ ...good, result: { ...good.result, [key]: value } }));
        expect(await cache.get(result.diffId, weights), `${key} ${JSON.stringify(value)}`).toBeUndefined();
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        write(text);
        expect(await cache.get(result.diffId, weights)).toBeUndefined();
      }),
    );
  });
});

describe('the cache', () => {
  it('keeps what was used last, within its size', async () => {
    const directory = place();
    const names = ['a', 'b', 'c', 'd'];
    const first = await opened(directory);
    for (const name of names) await first.put(resultOf(name), weights);
    for (const [index, file] of names.entries()) {
      const name = readdirSync(directory).find((each) => each.startsWith(sha256(file))) ?? '';
      utimesSync(join(directory, name), index + 1, index + 1);
    }
    writeFileSync(join(directory, 'notes.txt'), 'not ours');
    expect(await first.get(resultOf('a').diffId, weights)).toBeDefined();
    const { bytes } = await first.report();
    const small = await opened(directory, { maxBytes: Math.ceil(bytes * 0.8) });
    await small.put(resultOf('e'), weights);
    const left = await Promise.all(
      [...names, 'e'].map(async (name) => ((await small.get(resultOf(name).diffId, weights)) ? name : '')),
    );
    expect(left.join('')).toBe('ade');
    expect(readdirSync(directory)).toContain('notes.txt');
    const tiny = await opened(directory, { maxBytes: 10 });
    await tiny.put(resultOf('f'), weights);
    expect(await tiny.get(resultOf('f').diffId, weights)).toBeUndefined();
    expect(await tiny.clean()).toMatchObject({ files: 3 });
    expect(readdirSync(directory)).toEqual(['notes.txt']);
  });

  it('takes what many write at the same time', async () => {
    const directory = place();
    const caches = await Promise.all(Array.from({ length: 4 }, () => opened(directory)));
    await Promise.all(
      caches.flatMap((cache) => ['a', 'b', 'a', 'c'].map((name) => cache.put(resultOf(name), weights))),
    );
    expect(caches.map((cache) => cache.note())).toEqual(caches.map(() => undefined));
    expect(readdirSync(directory)).toHaveLength(3);
    for (const name of ['a', 'b', 'c'])
      expect((await caches[0]?.get(resultOf(name).diffId, weights))?.result).toEqual(resultOf(name));
  });

  it('removes what was never finished, once nobody can be at it any more', async () => {
    const { cache, directory } = await filled();
    const [old, fresh] = ['.0123456789ab.tmp', '.ba9876543210.tmp'].map((name) => join(directory, name));
    for (const file of [old, fresh]) writeFileSync(file ?? '', 'x');
    utimesSync(old ?? '', 1, 1);
    await cache.put(resultOf('b'), weights);
    expect([old, fresh].map((file) => existsSync(file ?? ''))).toEqual([false, true]);
  });

  it('is off, and says so, where it cannot or should not be', async () => {
    const { directory, result } = await filled();
    const file = join(directory, '..', 'file');
    const link = join(directory, '..', 'link');
    writeFileSync(file, '');
    symlinkSync(directory, link);
    const open = join(directory, '..', 'open');
    await opened(open);
    chmodSync(open, 0o777);
    for (const [at, reason] of [
      [file, /file/],
      [join(file, 'below'), /not a directory|ENOTDIR/],
      [link, /is no directory/],
      [open, /others may write/],
    ] as const) {
      const cache = await opened(at);
      expect(cache.note(), at).toMatch(reason);
      await cache.put(result, weights);
      expect(await cache.get(result.diffId, weights)).toBeUndefined();
      expect(await cache.report()).toMatchObject(at === link ? {} : { files: 0 });
    }
  });

  it('goes off when its directory goes', async () => {
    const { cache, directory, result } = await filled();
    rmSync(directory, { recursive: true });
    await cache.put(result, weights);
    expect(cache.note()).toContain(directory);
    expect(await cache.get(result.diffId, weights)).toBeUndefined();
  });

  it('lies where the user has caches', () => {
    expect(layerCacheDirectory({ MLBOM_CACHE_DIR: '/c', XDG_CACHE_HOME: '/x' })).toBe('/c/layers');
    expect(layerCacheDirectory({ XDG_CACHE_HOME: '/x' })).toBe('/x/mlbom/layers');
    expect(layerCacheDirectory({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/mlbom\/layers$/);
  });

  it('knows every collector by its version', () => {
    expect(collectorsVersion().split('\n')).toHaveLength(fileCollectors.length + 1);
  });
});

describe('what collectors state', () => {
  const folder = fileURLToPath(new URL('../../collectors/', import.meta.url));
  const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'example.ts')));

  it.each(['model-directory', ...examples])('of the examples of %s survives the cache', async (id) => {
    const { files } = (
      id === 'model-directory' ? { files: modelFiles() } : await import(`../../collectors/${id}/example.ts`)
    ) as { files: Files };
    const readings = await Promise.all(
      Object.entries(files).map(async ([path, content]) => {
        const { examined, ...walked } = await walk([memoryEntry(path, content)], fileCollectors);
        return { path, ...walked, examined: examined.get(path) ?? [] };
      }),
    );
    const cache = await opened(place());
    const result = resultOf(id, { readings });
    await cache.put(result, weights);
    const read = await cache.get(result.diffId, weights);
    expect(read?.result).toStrictEqual(result);
  });
});
