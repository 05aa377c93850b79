import { describe, expect, it } from 'vitest';
import { walk } from '../../src/collectors/walk.ts';
import { fileCollectors } from '../../src/collectors/registry.ts';
import type { Fact } from '../../src/core/fact.ts';
import { refMaker } from '../../src/inventory/refs.ts';
import { thingsOf } from '../../src/inventory/things.ts';
import { withDistro } from '../../src/inventory/with-distro.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import type { Files } from '../fixtures/model-directory.ts';

const status = `Package: bash
Status: install ok installed
Architecture: amd64
Version: 1:5.2.15+b1
Depends: libc6 (>= 2.36)

Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9
`;
const release = 'ID=debian\nVERSION_ID="12"\n';

async function collected(files: Files): Promise<readonly Fact[]> {
  const entries = Object.entries(files).map(([path, content]) => memoryEntry(path, content));
  return withDistro((await walk(entries, fileCollectors)).facts);
}

function purls(facts: readonly Fact[]): string[] {
  return facts.flatMap(({ attributes }) =>
    attributes.flatMap(({ name, value }) => (name === 'purl' ? [value] : [])),
  );
}

describe('the system in the package URLs of its packages', () => {
  it('is the one in whose root they are installed', async () => {
    const facts = await collected({
      'etc/os-release': release,
      'var/lib/dpkg/status': status,
      'chroot/a:b/usr/lib/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
      'chroot/a:b/lib/apk/db/installed': 'P:musl\nV:1.2.5-r0\nA:x86_64\n\n',
    });
    expect(purls(facts)).toEqual([
      'pkg:deb/debian/bash@1:5.2.15%2Bb1?arch=amd64&distro=debian-12',
      'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12',
      'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1',
    ]);
  });

  it('keeps packages linked with those that they need', async () => {
    const facts = await collected({ 'etc/os-release': release, 'var/lib/dpkg/status': status });
    const { items } = thingsOf({ facts, ref: refMaker() });
    const bash = items.find(({ attributes }) => attributes.some(({ value }) => value === 'bash'));
    const libc = items.find(({ attributes }) => attributes.some(({ value }) => value === 'libc6'));
    expect(bash?.dependsOn).toEqual([libc?.ref]);
  });

  it('is named by its code name where it has no version, and left out where nothing is known', async () => {
    const named = await collected({
      'etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie\n',
      'var/lib/dpkg/status': status,
    });
    expect(purls(named)[1]).toBe('pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-trixie');
    const unknown = await collected({ 'etc/os-release': 'ID=debian\n', 'var/lib/dpkg/status': status });
    expect(purls(unknown)[1]).toBe('pkg:deb/debian/libc6@2.36-9?arch=amd64');
    expect(purls(await collected({ 'var/lib/dpkg/status': status }))[1]).toBe(
      'pkg:deb/debian/libc6@2.36-9?arch=amd64',
    );
  });

  it('is said once, and of no other packages', async () => {
    const facts = await collected({
      'etc/os-release': release,
      'var/lib/dpkg/status': status,
      'site-packages/torch-2.4.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: torch\nVersion: 2.4.0\n',
    });
    expect(withDistro(facts)).toEqual(facts);
    expect(purls(facts)).toContain('pkg:pypi/torch@2.4.0');
  });
});
