import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { isMlbomError } from '../../src/core/errors.ts';
import { limits } from '../../src/core/limits.ts';
import { openDirectory } from '../../src/stores/directory.ts';
import { escapePath } from '../../src/core/path-escape.ts';
import { walkDirectory } from '../../src/stores/walk-directory.ts';
import { collect, summaryOf, temporaryDirectory } from './temporary-directory.ts';

describe('a directory', () => {
  test('lists its files in the order of their full paths', async () => {
    const place = temporaryDirectory({
      'a/b': '',
      'a-b': '',
      'a.txt': '',
      a0: '',
      'a/b-c/d': '',
      B: '',
      '\u{1F600}': '',
    });
    writeFileSync(join(place, '\uFFFD'), '');
    expect(await list(place)).toEqual(['B', 'a-b', 'a.txt', 'a/b', 'a/b-c/d', 'a0', '\uFFFD', '\u{1F600}']);
  });

  test('tells where a file lies that a linked directory shows again', async () => {
    const place = temporaryDirectory({ 'lib/a b/%41': '', 'lib/c': '' });
    symlinkSync('lib', join(place, 'lib64'));
    symlinkSync('lib/c', join(place, 'to-file'));
    const entries = await collect((await openDirectory(place)).entries());
    const again = entries.flatMap((entry) => (entry.kind === 'entry' ? [[entry.path, entry.sameAs]] : []));
    expect(again).toEqual([
      ['lib/a b/%2541', undefined],
      ['lib/c', undefined],
      ['lib64/a b/%2541', 'lib/a b/%2541'],
      ['lib64/c', 'lib/c'],
      ['to-file', undefined],
    ]);
  });

  test('is named after its directory and has a file URL', async () => {
    const place = temporaryDirectory();
    const store = await openDirectory(place);
    expect(store).toMatchObject({ name: basename(place), uri: pathToFileURL(place).href });
    expect(await store.location()).toEqual({ provider: 'local', evidence: 'unknown' });
    expect(await store.facts()).toEqual([]);
  });

  test('may have any name that Linux allows in it', async () => {
    const names = ['new\nline', '-rf', '%41', ' ', '\\', '"quoted"', '.hidden', 'é'.repeat(127) + 'x'].map(
      (name) => {
        return Buffer.from(name);
      },
    );
    names.push(Buffer.from([0x61, 0xff, 0xfe]), Buffer.alloc(255, 0x80), Buffer.alloc(255, 0x61));
    const place = temporaryDirectory();
    for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${place}/`), name]), name);
    const entries = (await collect((await openDirectory(place)).entries())) as Entry[];
    expect(entries.map(({ path }) => path).toSorted()).toEqual(
      names.map((name) => escapePath(name)).toSorted(),
    );
    for (const entry of entries) {
      expect(escapePath(await entry.read({ offset: 0, length: entry.size }))).toBe(entry.path);
    }
  });

  test('tells where the bytes lie, with a Buffer where the name is not Unicode', async () => {
    const place = temporaryDirectory({ plain: 'x' });
    const odd = Buffer.concat([Buffer.from(`${place}/`), Buffer.from([0xff])]);
    writeFileSync(odd, 'xy');
    const entries = (await collect((await openDirectory(place)).entries())) as Entry[];
    expect(entries.map(({ local }) => local)).toEqual([
      { file: odd, offset: 0, length: 2 },
      { file: join(place, 'plain'), offset: 0, length: 1 },
    ]);
  });

  test("counts Git's own files at its root as excluded, and only there", async () => {
    const place = temporaryDirectory({
      '.git/config': '',
      '.gitattributes': '',
      '.github/workflows/ci.yml': '',
      '.gitignore': '',
      '.gitmodules': '',
      'sub/.gitignore': '',
    });
    expect(await list(place)).toEqual([
      '.git (excluded)',
      '.gitattributes (excluded)',
      '.github (excluded)',
      '.gitignore (excluded)',
      '.gitmodules',
      'sub/.gitignore',
    ]);
  });

  test('follows links inside itself and refuses the others', async () => {
    const outside = temporaryDirectory({ secret: 'x' });
    const place = temporaryDirectory({ 'data/file': 'content' });
    const link = (target: string, name: string) => {
      symlinkSync(target, join(place, name));
    };
    link('data/file', 'to-file');
    link('data', 'to-directory');
    link('to-file', 'to-link');
    link(join(place, 'data/file'), 'absolute');
    link(join(outside, 'secret'), 'escapes');
    link('..', 'escapes-to-parent');
    link(`${place}-beside`, 'dangling-beside');
    link('nowhere', 'dangling');
    link('loop-b', 'loop-a');
    link('loop-a', 'loop-b');
    link('.', 'loop-here');
    link('..', 'data/loop-up');
    link('file/below', 'data/through-a-file');
    expect(await list(place)).toEqual([
      'absolute -> data/file',
      'dangling !symlink-dangling',
      'dangling-beside !symlink-dangling',
      'data/file',
      'data/loop-up !symlink-loop',
      'data/through-a-file !symlink-dangling',
      'escapes !symlink-escapes',
      'escapes-to-parent !symlink-escapes',
      'loop-a !symlink-loop',
      'loop-b !symlink-loop',
      'loop-here !symlink-loop',
      'to-directory/file -> data',
      'to-directory/loop-up !symlink-loop',
      'to-directory/through-a-file !symlink-dangling',
      'to-file -> data/file',
      'to-link -> to-file',
    ]);
  });

  test('does not take a neighbour with the same beginning for itself', async () => {
    const place = temporaryDirectory({ 'model/file': '', 'model-2/secret': '' });
    symlinkSync('../model-2/secret', join(place, 'model/link'));
    expect(await list(join(place, 'model'))).toEqual(['file', 'link !symlink-escapes']);
  });

  test('reports special files and does not open them', async () => {
    const place = temporaryDirectory({ file: '' });
    execFileSync('mkfifo', [join(place, 'fifo')]);
    symlinkSync('fifo', join(place, 'to-fifo'));
    expect(await list(place)).toEqual(['fifo !special-file', 'file', 'to-fifo !special-file']);
  });

  test('reports a directory that it may not list, and goes on', async () => {
    const place = temporaryDirectory({ 'closed/file': '', 'open/file': '' });
    chmodSync(place, 0o755);
    chmodSync(join(place, 'closed'), 0);
    asNobody();
    expect(await list(place)).toEqual(['closed !unreadable', 'open/file']);
    await expect(list(join(place, 'closed'))).rejects.toMatchObject({ code: 'E_UNREADABLE' });
  });

  test('stops at the limit of directories', async () => {
    const place = temporaryDirectory();
    const deep = Array.from({ length: limits.directoryDepth + 1 }, () => 'd').join('/');
    mkdirSync(join(place, deep), { recursive: true });
    writeFileSync(join(place, deep.slice(2), 'last'), '');
    expect(await list(place)).toEqual([`${deep} !limit`, `${deep.slice(2)}/last`]);
  });

  test('comes to an end however links multiply the paths', async () => {
    const place = temporaryDirectory({ 'bottom/file': '' });
    for (let level = 0; level < 30; level++) {
      mkdirSync(join(place, `${level}`));
      for (const side of ['a', 'b']) symlinkSync(`../${level + 1}`, join(place, `${level}/${side}`));
    }
    symlinkSync('bottom', join(place, '30'));
    const found = await list(place);
    expect(found.some((one) => one.endsWith('!limit'))).toBe(true);
    expect(found.length).toBeLessThanOrEqual(5000);
  });

  test('stops at the limit of names', async () => {
    const top = Buffer.from(temporaryDirectory({ a: '', b: '', c: '' }));
    const found = await collect(walkDirectory({ top, bounds: top, names: 2 }));
    expect(found.map(summaryOf)).toEqual(['. !limit']);
  });

  test('reads a directory through a few links, and not through endless ones', async () => {
    const place = temporaryDirectory({ 'bottom/file': '' });
    for (let link = 0; link <= limits.linkedVisits; link++)
      symlinkSync('bottom', join(place, `${link + 10}`));
    const found = await list(place);
    expect(found.filter((one) => one.includes('/file'))).toHaveLength(limits.linkedVisits + 1);
    expect(found.filter((one) => one.endsWith('!limit'))).toHaveLength(1);
  });

  test('says of an absolute link inside it where it leads from there', async () => {
    const place = temporaryDirectory({ 'real/file': '', 'links/.keep': '' });
    symlinkSync(join(place, 'real/file'), join(place, 'links/link'));
    const entries = (await collect((await openDirectory(place)).entries())) as Entry[];
    expect(entries.find(({ path }) => path === 'links/link')?.link).toBe('../real/file');
  });

  test('reports a file that claims more bytes than a file may have', async () => {
    const place = temporaryDirectory({ sparse: '' });
    try {
      truncateSync(join(place, 'sparse'), limits.fileBytes + 1);
    } catch {
      // File systems with smaller files refuse it themselves.
      rmSync(join(place, 'sparse'));
    }
    expect(['sparse !limit', undefined]).toContain((await list(place))[0]);
  });

  test('stops when it is told to', async () => {
    const place = temporaryDirectory({ file: '' });
    const entries = (await openDirectory(place)).entries(AbortSignal.abort());
    await expect(collect(entries)).rejects.toMatchObject({ code: 'E_ABORTED' });
  });
});

describe('a single file', () => {
  test('is a place with one entry', async () => {
    const place = temporaryDirectory({ '100%25.gguf': 'content' });
    const store = await openDirectory(join(place, '100%25.gguf'));
    expect(store.name).toBe('100%25.gguf');
    expect(await collect(store.entries())).toMatchObject([{ kind: 'entry', path: '100%2525.gguf', size: 7 }]);
  });

  test('may be named through a link', async () => {
    const place = temporaryDirectory({ 'v3.gguf': 'content' });
    symlinkSync('v3.gguf', join(place, 'current.gguf'));
    expect(await list(join(place, 'current.gguf'))).toEqual(['current.gguf']);
  });
});

test('a place that is not there is not found', async () => {
  await expect(openDirectory(join(temporaryDirectory(), 'gone'))).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
  });
});

test('a FIFO is no place', async () => {
  const fifo = join(temporaryDirectory(), 'fifo');
  execFileSync('mkfifo', [fifo]);
  await expect(openDirectory(fifo)).rejects.toMatchObject({ code: 'E_UNREADABLE' });
});

describe('an entry', () => {
  test('gives its head, ranges and all of its bytes', async () => {
    const entry = await only(temporaryDirectory({ file: '0123456789' }));
    expect(text(await entry.head(4))).toBe('0123');
    expect(text(await entry.head(100))).toBe('0123456789');
    expect(text(await entry.read({ offset: 8, length: 2 }))).toBe('89');
    expect(text(await entry.read({ offset: 10, length: 0 }))).toBe('');
    expect(Buffer.concat(await collect(entry.stream())).toString()).toBe('0123456789');
  });

  test('streams a file of several reads in order', async () => {
    const content = Array.from({ length: 300_000 }, (_, n) => String(n)).join(' ');
    const entry = await only(temporaryDirectory({ file: content }));
    expect(Buffer.concat(await collect(entry.stream())).toString() === content).toBe(true);
  });

  test('never reads past its end, whatever is asked', async () => {
    const entry = await only(temporaryDirectory({ file: '0123456789' }));
    const number = fc.oneof(
      fc.integer({ min: -2, max: 12 }),
      fc.constantFrom(2 ** 32, 2 ** 53, 2 ** 63, 2 ** 64, NaN, 0.5),
    );
    await fc.assert(
      fc.asyncProperty(number, number, async (offset, length) => {
        const inside =
          offset >= 0 && length >= 0 && offset + length <= 10 && Number.isInteger(offset + length);
        const result = await entry.read({ offset, length }).catch((error: unknown) => error);
        if (inside && Number.isInteger(offset))
          expect(text(result as Uint8Array)).toBe('0123456789'.slice(offset, offset + length));
        else expect(isMlbomError(result) && result.code).toBe('E_MALFORMED');
      }),
    );
  });

  test('refuses one read of more than a reader ever needs', async () => {
    const place = temporaryDirectory({ file: '' });
    truncateSync(join(place, 'file'), limits.readBytes + 1);
    const entry = await only(place);
    await expect(entry.read({ offset: 0, length: limits.readBytes + 1 })).rejects.toMatchObject({
      code: 'E_LIMIT',
    });
  });

  test('says so when its file is gone, cut, or replaced by a link or a FIFO', async () => {
    const place = temporaryDirectory({ file: '0123456789', other: '0123456789' });
    const file = join(place, 'file');
    const entry = (await collect((await openDirectory(place)).entries()))[0] as Entry;
    truncateSync(file, 4);
    await expect(entry.read({ offset: 0, length: 10 })).rejects.toMatchObject({ code: 'E_UNREADABLE' });
    await expect(collect(entry.stream())).rejects.toMatchObject({ code: 'E_UNREADABLE' });
    rmSync(file);
    await expect(entry.head(1)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    symlinkSync('other', file);
    await expect(entry.head(1)).rejects.toMatchObject({ code: 'E_UNREADABLE' });
    rmSync(file);
    execFileSync('mkfifo', [file]);
    await expect(entry.head(1)).rejects.toMatchObject({ code: 'E_UNREADABLE' });
  });
});

async function list(place: string): Promise<string[]> {
  return (await collect((await openDirectory(place)).entries())).map(summaryOf);
}

async function only(place: string): Promise<Entry> {
  const [entry] = await collect((await openDirectory(place)).entries());
  return entry as Entry;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** Permissions do not bind root: act as a user they bind, until the test ends. */
function asNobody(): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.(65534);
  onTestFinished(() => {
    process.seteuid?.(0);
  });
}
