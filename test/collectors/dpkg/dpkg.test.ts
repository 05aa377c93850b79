import { describe, expect, it } from 'vitest';
import { dpkg } from '../../../src/collectors/dpkg/index.ts';
import type { Fact } from '../../../src/core/fact.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { factOf, valuesOf, withoutEvidence } from '../collected.ts';
import { files, status } from './example.ts';

const path = 'var/lib/dpkg/status';

describe('dpkg', () => {
  it('reads the packages whose files are there', async () => {
    const facts = await packages(path, status);
    expect(facts.map((fact) => [valuesOf(fact).purl, fact.type])).toEqual([
      ['pkg:deb/debian/libc6@2.36-9%2Bdeb12u9?arch=amd64', 'library'],
      ['pkg:deb/debian/libcudnn9-cuda-12@9.1.0.70-1?arch=amd64', 'library'],
      ['pkg:deb/debian/app@1:1.0?arch=all', 'library'],
    ]);
    expect(valuesOf(facts[0])).toMatchObject({
      name: 'libc6',
      description: 'GNU C Library: Shared libraries',
      supplier: { name: 'GNU Libc Maintainers', email: 'debian-glibc@lists.debian.org' },
      references: [{ type: 'website', url: 'https://www.gnu.org/software/libc/libc.html' }],
      'mlbom:package:basis': 'installed',
      'mlbom:package:installer': 'dpkg',
      'mlbom:package:header': 'source=glibc',
    });
    expect(valuesOf(facts[1])['mlbom:ai:category']).toBe('accelerator-runtime');
  });

  it('finds what a package needs among what is installed, by provided names too', async () => {
    const [libc, , app] = await packages(path, status);
    expect(withoutEvidence(app)).toEqual([
      { type: 'depends-on', to: { name: 'libc6', purl: 'pkg:deb/debian/libc6?arch=amd64' } },
      {
        type: 'depends-on',
        to: { name: 'libcudnn9-cuda-12', purl: 'pkg:deb/debian/libcudnn9-cuda-12?arch=amd64' },
      },
    ]);
    expect(libc.relations).toEqual([]);
  });

  it('reads a package of an image without dpkg', async () => {
    const part = 'rootfs/var/lib/dpkg/status.d/tzdata';
    const fact = await factOf(dpkg, part, files[part] ?? '');
    expect(fact.about).toEqual({ kind: 'component', key: 'deb:rootfs:tzdata', path: part });
  });

  it('takes packages of Ubuntu for its own', async () => {
    const ubuntu =
      'Package: a\nVersion: 1\nMaintainer: Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>\n';
    expect(valuesOf(await factOf(dpkg, path, ubuntu)).purl).toBe('pkg:deb/ubuntu/a@1');
  });

  it('says that an installed package has no name', async () => {
    const { facts, problems } = await dpkg.collect(
      memoryEntry(path, 'Package: ../a\nVersion: 1\n\nPackage: b\n'),
    );
    expect(facts).toEqual([]);
    expect(problems).toMatchObject([{ code: 'dpkg-stanza', effect: 'contradiction' }]);
  });

  it.each([
    ['var/lib/dpkg/info/libc6:amd64.md5sums', 'deb:.:libc6:amd64', 'lib/x'],
    ['root fs/var/lib/dpkg/status.d/base.md5sums', 'deb:root fs:base', 'root fs/lib/x'],
  ])('lists the files of %s under the key of their package', async (list, component, file) => {
    const text = `${'ab'.repeat(16)}  lib/x\n${'ab'.repeat(16)}  usr/share/doc/x/copyright\n${'ab'.repeat(16)}  ../out\nnone\n`;
    const { lists, problems } = await dpkg.collect(memoryEntry(list, text));
    const digest = { algorithm: 'md5', hex: 'ab'.repeat(16) };
    expect(lists).toEqual([{ component, path: list, owns: [], files: [{ path: file, digest }] }]);
    expect(problems).toMatchObject([{ code: 'dpkg-digests' }]);
  });

  it('keys a package as dpkg names its files', async () => {
    const keys = (await packages(path, status)).map(({ about }) => about.kind === 'component' && about.key);
    expect(keys).toEqual(['deb:.:libc6:amd64', 'deb:.:libcudnn9-cuda-12', 'deb:.:app']);
  });

  it.each([
    'myvar/lib/dpkg/status',
    'var/lib/dpkg/status-old',
    'var/lib/dpkg/info/a.list',
    'var/lib/dpkg/status.d/a.preinst',
  ])('does not want %s', (other) => {
    expect(dpkg.wants(memoryEntry(other, status), Buffer.from(status))).toBe(false);
  });
});

async function packages(at: string, text: string): Promise<[Fact, Fact, Fact]> {
  return (await dpkg.collect(memoryEntry(at, text))).facts as [Fact, Fact, Fact];
}
