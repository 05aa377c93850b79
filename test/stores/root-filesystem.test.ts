import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openDirectory } from '../../src/stores/directory.ts';
import { resolveInRoot } from '../../src/stores/resolve-in-root.ts';
import { isRootFilesystem } from '../../src/stores/root-filesystem.ts';
import { collect, summaryOf, temporaryDirectory } from './temporary-directory.ts';

const release = { 'usr/lib/os-release': 'ID=debian' };

async function list(place: string): Promise<string[]> {
  return (await collect((await openDirectory(place)).entries())).map(summaryOf);
}

function linker(place: string) {
  return (target: string, name: string) => {
    symlinkSync(target, join(place, name));
  };
}

describe('the root file system of a container, in a directory', () => {
  test('is one by what it has, and named after its directory', async () => {
    const place = temporaryDirectory(release);
    expect(isRootFilesystem(Buffer.from(place))).toBe(true);
    expect((await openDirectory(place)).name).toBe(basename(place));
    const linked = temporaryDirectory({ 'usr/bin/true': '' });
    mkdirSync(join(linked, 'etc'));
    linker(linked)('/usr/lib/os-release', 'etc/os-release');
    expect(isRootFilesystem(Buffer.from(linked))).toBe(true);
  });

  test.each([
    ['a model', { 'config.json': '{}' }],
    ['a directory with usr alone', { 'usr/x': '' }],
    ['a directory without usr', { 'etc/os-release': '' }],
    ['a directory with a file of the name', { 'etc/os-release': '', usr: '' }],
  ])('is not %s', (_, files) => {
    expect(isRootFilesystem(Buffer.from(temporaryDirectory(files)))).toBe(false);
  });

  test('has links that begin and end in it', async () => {
    const outside = temporaryDirectory({ secret: 'x' });
    const place = temporaryDirectory({
      ...release,
      'usr/lib/libx.so.1': 'x',
      'data/file': '',
      'etc/passwd': 'inside',
    });
    const link = linker(place);
    link('/usr/lib/os-release', 'etc/os-release');
    link('libx.so.1', 'usr/lib/libx.so');
    link('../../../../../../etc/passwd', 'data/climbs');
    link('/etc/passwd', 'data/absolute');
    link(join(outside, 'secret'), 'data/outside');
    link('/data/loop-b', 'data/loop-a');
    link('/data/loop-a', 'data/loop-b');
    link('/data/file/below', 'data/through-a-file');
    link('/nowhere', 'data/nowhere');
    expect(await list(place)).toEqual([
      'data/absolute -> /etc/passwd',
      'data/climbs -> ../../../../../../etc/passwd',
      'data/file',
      'data/loop-a !symlink-loop',
      'data/loop-b !symlink-loop',
      'data/nowhere (excluded)',
      'data/outside (excluded)',
      'data/through-a-file (excluded)',
      'etc/os-release -> /usr/lib/os-release',
      'etc/passwd',
      'usr/lib/libx.so -> libx.so.1',
      'usr/lib/libx.so.1',
      'usr/lib/os-release',
    ]);
    const entries = await collect((await openDirectory(place)).entries());
    const absolute = entries.find(({ path }) => path === 'data/absolute');
    if (absolute?.kind !== 'entry') throw new Error('not listed');
    expect(Buffer.from(await absolute.head(6)).toString()).toBe('inside');
  });

  test('lists a directory once, by its own name', async () => {
    const place = temporaryDirectory({ ...release, 'usr/lib/x': '', 'opt/real/y': '' });
    const link = linker(place);
    link('usr/lib', 'lib');
    link('/usr/lib', 'lib64');
    link('/lib64/..', 'usr/up');
    link('/opt/real', 'opt/current');
    link('/opt/current/y', 'opt/y');
    expect(await list(place)).toEqual([
      'opt/real/y',
      'opt/y -> /opt/current/y',
      'usr/lib/os-release',
      'usr/lib/x',
    ]);
  });

  test('has devices, and links to what only a running system has, without a problem', async () => {
    const place = temporaryDirectory({ ...release, 'dev/shm/weights.bin': '' });
    const link = linker(place);
    execFileSync('mkfifo', [join(place, 'dev/initctl')]);
    link('/proc/self/fd/0', 'dev/stdin');
    link('/dev/initctl', 'to-fifo');
    // A file that hides where nobody looks.
    expect(await list(place)).toEqual([
      'dev/initctl (excluded)',
      'dev/shm/weights.bin',
      'dev/stdin (excluded)',
      'to-fifo (excluded)',
      'usr/lib/os-release',
    ]);
  });

  test('has names that are no text', async () => {
    const place = temporaryDirectory(release);
    const odd = Buffer.concat([Buffer.from(`${place}/`), Buffer.from([0xff])]);
    writeFileSync(odd, 'x');
    symlinkSync(Buffer.from([0x2f, 0xff]), join(place, 'link'));
    expect(await list(place)).toEqual(['%FF', 'link -> /%FF', 'usr/lib/os-release']);
  });

  test('says what it may not read', async () => {
    if (process.getuid?.() === 0) return;
    const place = temporaryDirectory({ ...release, 'root/.ssh/id': '' });
    chmodSync(join(place, 'root'), 0);
    linker(place)('/root/.ssh/id', 'id');
    expect(await list(place)).toEqual(['id !unreadable', 'root !unreadable', 'usr/lib/os-release']);
    chmodSync(join(place, 'root'), 0o700);
  });
});

describe('a link in a root file system', () => {
  test('never leads out of it, whatever it says', () => {
    const place = temporaryDirectory({ 'a/b/file': '' });
    const part = fc.constantFrom('..', '.', '', 'a', 'b', 'file', 'link', 'x');
    const target = fc
      .tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 8 }))
      .map(([absolute, parts]) => (absolute ? `/${parts.join('/')}` : parts.join('/') || '.'));
    const link = join(place, 'a/link');
    fc.assert(
      fc.property(target, (text) => {
        rmSync(link, { force: true });
        symlinkSync(text, link);
        const found = resolveInRoot(Buffer.from(place), Buffer.from(link));
        if (typeof found === 'string') expect(['ELOOP', 'ENOENT']).toContain(found);
        else expect(`${found.toString()}/`.startsWith(`${place}/`)).toBe(true);
      }),
    );
  });

  test('leads as far as Linux follows, and no further', () => {
    const place = temporaryDirectory({ file: '' });
    const link = linker(place);
    link('file', 'link-0');
    for (let at = 1; at < 45; at++) link(`/link-${at - 1}`, `link-${at}`);
    const found = (at: number) =>
      resolveInRoot(Buffer.from(place), Buffer.from(join(place, `link-${at}`))).toString();
    expect(found(39)).toBe(join(place, 'file'));
    expect(found(40)).toBe('ELOOP');
  });
});
