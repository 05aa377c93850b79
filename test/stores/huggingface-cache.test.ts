import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { openDirectory } from '../../src/stores/directory.ts';
import { collect, summaryOf, temporaryDirectory } from './temporary-directory.ts';

const main = 'a'.repeat(40);
const older = 'b'.repeat(40);
const lfs = 'c'.repeat(64);
const git = 'd'.repeat(40);

test('a repository gives the files of its main snapshot with what their blobs promise', async () => {
  const repository = cached('models--org--name', {
    [main]: { 'model.safetensors': lfs, 'sub/config.json': git },
  });
  const store = await openDirectory(repository);
  expect(store.name).toBe('org/name');
  const entries = (await collect(store.entries())) as Entry[];
  expect(entries.map(({ path, link, promises }) => ({ path, link, promises }))).toEqual([
    {
      path: 'model.safetensors',
      link: undefined,
      promises: [{ algorithm: 'sha256', hex: lfs, by: 'blob name' }],
    },
    {
      path: 'sub/config.json',
      link: undefined,
      promises: [{ algorithm: 'git-blob-sha1', hex: git, by: 'blob name' }],
    },
  ]);
  expect(entries[0]?.local?.file).toBe(join(repository, 'blobs', lfs));
  expect(Buffer.from((await entries[0]?.head(100)) ?? []).toString()).toBe(lfs);
});

test('a snapshot on its own gives the same', async () => {
  const repository = cached('models--org--name', { [main]: { file: lfs }, [older]: { old: git } });
  const store = await openDirectory(join(repository, 'snapshots', older));
  expect(store.name).toBe('org/name');
  expect((await collect(store.entries())).map(summaryOf)).toEqual(['old']);
  expect((await store.facts())[0]?.attributes).toContainEqual(
    expect.objectContaining({ name: 'version', value: older }),
  );
});

test('a link to a snapshot gives the same', async () => {
  const repository = cached('models--org--name', { [main]: { file: lfs } });
  const link = join(dirname(repository), 'current');
  symlinkSync(join(repository, 'snapshots', main), link);
  expect((await openDirectory(link)).name).toBe('org/name');
});

test('the layout states repository and commit', async () => {
  const [fact] = await (await openDirectory(cached('models--org--name', { [main]: {} }))).facts();
  const evidence = { basis: 'declared', source: 'layout', by: 'store' };
  expect(fact).toEqual({
    about: { kind: 'directory', path: '.' },
    type: 'machine-learning-model',
    attributes: [
      { name: 'name', value: 'org/name', evidence },
      { name: 'version', value: main, evidence },
      { name: 'purl', value: `pkg:huggingface/org/name@${main}`, evidence },
    ],
    relations: [],
  });
});

test('a repository without an organization has a purl without a namespace', async () => {
  const [fact] = await (await openDirectory(cached('models--gpt2', { [main]: {} }))).facts();
  expect(fact?.attributes.map(({ value }) => value)).toEqual(['gpt2', main, `pkg:huggingface/gpt2@${main}`]);
});

test('a dataset is data and has no purl', async () => {
  const [fact] = await (await openDirectory(cached('datasets--org--name', { [main]: {} }))).facts();
  expect(fact?.type).toBe('data');
  expect(fact?.attributes.map(({ name }) => name)).toEqual(['name', 'version']);
});

test('without refs/main the only snapshot is meant', async () => {
  const repository = cached('models--org--name', { [older]: { file: lfs } });
  rmSync(join(repository, 'refs'), { recursive: true, force: true });
  expect((await collect((await openDirectory(repository)).entries())).map(summaryOf)).toEqual(['file']);
});

test.each(['../../..', 'x'.repeat(100), '', older.slice(1)])(
  'refs/main that says %j is not believed',
  async (ref) => {
    const repository = cached('models--org--name', { [main]: {}, [older]: {} });
    writeFileSync(join(repository, 'refs/main'), ref);
    await expect(openDirectory(repository)).rejects.toMatchObject({ code: 'E_USAGE' });
  },
);

test('several snapshots without a main one are named in the error', async () => {
  const repository = cached('models--org--name', { [main]: {}, [older]: {} });
  rmSync(join(repository, 'refs/main'));
  const error = (await openDirectory(repository).catch((cause: unknown) => cause)) as Error & {
    next: string;
  };
  expect(error).toMatchObject({ code: 'E_USAGE' });
  expect(error.message).toContain(main);
  expect(error.message).toContain(older);
  expect(error.next).toContain(join(repository, 'snapshots', main));
});

test('a cache without a snapshot is not found', async () => {
  const repository = join(temporaryDirectory(), 'models--org--name');
  mkdirSync(join(repository, 'snapshots'), { recursive: true });
  await expect(openDirectory(repository)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
});

test('refs/main that is a FIFO does not hang', async () => {
  const repository = cached('models--org--name', { [main]: {} });
  rmSync(join(repository, 'refs/main'));
  execFileSync('mkfifo', [join(repository, 'refs/main')]);
  await expect(openDirectory(repository)).rejects.toMatchObject({ code: 'E_UNREADABLE' });
});

test('links out of the repository are refused, and others inside it stay links', async () => {
  const repository = cached('models--org--name', { [main]: { blob: lfs }, [older]: { real: git } });
  const snapshot = join(repository, 'snapshots', main);
  symlinkSync('../../../secret', join(snapshot, 'escapes'));
  writeFileSync(join(repository, '..', 'secret'), 'x');
  symlinkSync('../../refs/main', join(snapshot, 'inside'));
  symlinkSync('../../blobs/gone', join(snapshot, 'gone'));
  symlinkSync('../..', join(snapshot, 'whole'));
  const found = (await collect((await openDirectory(repository)).entries())).map(summaryOf);
  expect(found.filter((line) => !line.startsWith('whole/'))).toEqual([
    'blob',
    'escapes !symlink-escapes',
    'gone !symlink-dangling',
    'inside -> ../../refs/main',
  ]);
  expect(found).toContain(`whole/snapshots/${main} !symlink-loop`);
});

test('a link in the place of a snapshot, or of all snapshots, is not followed', async () => {
  const outside = temporaryDirectory({ [`${main}/secret`]: 'x' });
  const repository = cached('models--org--name', { [older]: { file: lfs } });
  symlinkSync(join(outside, main), join(repository, 'snapshots', main));
  expect((await collect((await openDirectory(repository)).entries())).map(summaryOf)).toEqual(['file']);
  rmSync(join(repository, 'snapshots'), { recursive: true });
  symlinkSync(outside, join(repository, 'snapshots'));
  const found = (await collect((await openDirectory(repository)).entries())).map(summaryOf);
  expect(found).toContain('snapshots !symlink-escapes');
});

test('files that were copied instead of linked promise nothing', async () => {
  const repository = cached('models--org--name', { [main]: {} });
  writeFileSync(join(repository, 'snapshots', main, 'config.json'), '{}');
  expect(await collect((await openDirectory(repository)).entries())).toMatchObject([
    { path: 'config.json', promises: [] },
  ]);
});

test.each(['spaces--org--name', 'models--a--b--c', 'models--org--na me', 'models', 'models--'])(
  'a directory called %j is a directory like any other',
  async (name) => {
    const repository = cached('models--org--name', { [main]: { file: lfs } });
    const renamed = join(dirname(repository), name);
    renameSync(repository, renamed);
    expect((await openDirectory(renamed)).name).toBe(name);
    expect((await collect((await openDirectory(renamed)).entries())).map(summaryOf)).toContain(
      `blobs/${lfs}`,
    );
  },
);

/** A cached repository: for each commit its files, each with the name of its blob, whose content is that name. */
function cached(name: string, snapshots: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const repository = join(temporaryDirectory(), name);
  for (const directory of ['blobs', 'refs']) mkdirSync(join(repository, directory), { recursive: true });
  writeFileSync(join(repository, 'refs/main'), main);
  for (const [commit, files] of Object.entries(snapshots)) {
    mkdirSync(join(repository, 'snapshots', commit), { recursive: true });
    for (const [path, blob] of Object.entries(files)) {
      const link = join(repository, 'snapshots', commit, path);
      mkdirSync(dirname(link), { recursive: true });
      writeFileSync(join(repository, 'blobs', blob), blob);
      symlinkSync(`${'../'.repeat(1 + path.split('/').length)}blobs/${blob}`, link);
    }
  }
  return repository;
}

test('a folder that holds anything beside the cache is a plain directory, in which nothing hides', async () => {
  const repository = cached('models--org--name', { [main]: { 'model.safetensors': lfs } });
  writeFileSync(join(repository, 'model.safetensors'), 'another');
  const store = await openDirectory(repository);
  expect(store.name).toBe('models--org--name');
  expect((await collect(store.entries())).map(summaryOf)).toContain('model.safetensors');
});
