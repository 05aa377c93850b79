import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { describe, expect, it } from 'vitest';
import { packagePurl, pypiPurl, type PurlParts } from '../../src/core/package-purl.ts';

describe('packagePurl', () => {
  // The examples of purl-spec's types and tests, and of ECMA-427's rules of encoding.
  it.each<[string, PurlParts, string | undefined]>([
    [
      'pypi',
      { name: 'My.PyPI_.--._Package', version: '1.11.1.dev1' },
      'pkg:pypi/my-pypi-package@1.11.1.dev1',
    ],
    ['pypi', { name: 'torch', version: '2.8.0+cu128' }, 'pkg:pypi/torch@2.8.0%2Bcu128'],
    ['pypi', { name: 'django', version: '1.0RC1' }, 'pkg:pypi/django@1.0rc1'],
    [
      'npm',
      { namespace: '@angular', name: 'animation', version: '12.3.1' },
      'pkg:npm/%40angular/animation@12.3.1',
    ],
    [
      'npm',
      {
        name: 'mypackage',
        version: '12.4.5',
        qualifiers: { vcs_url: 'git://host.com/path/to/repo.git@4345abcd34343' },
      },
      'pkg:npm/mypackage@12.4.5?vcs_url=git://host.com/path/to/repo.git%404345abcd34343',
    ],
    [
      'conda',
      {
        name: 'absl-py',
        version: '0.4.1',
        qualifiers: {
          type: 'tar.bz2',
          build: 'py36h06a4308_0',
          subdir: 'linux-64',
          channel: 'main',
          other: undefined,
        },
      },
      'pkg:conda/absl-py@0.4.1?build=py36h06a4308_0&channel=main&subdir=linux-64&type=tar.bz2',
    ],
    [
      'deb',
      { namespace: 'Debian', name: 'attr', version: '1:2.4.47-2+b1', qualifiers: { arch: 'amd64' } },
      'pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64',
    ],
    [
      'apk',
      {
        namespace: 'alpine',
        name: 'libcrypto3',
        version: '3.5.5-r0',
        qualifiers: { upstream: 'openssl', arch: 'x86_64' },
      },
      'pkg:apk/alpine/libcrypto3@3.5.5-r0?arch=x86_64&upstream=openssl',
    ],
    [
      'rpm',
      {
        namespace: 'fedora',
        name: 'curl',
        version: '7.50.3-1.fc25',
        qualifiers: { Arch: 'i386', Distro: 'fedora-25' },
      },
      'pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25',
    ],
    [
      'generic',
      { name: "it's (a) name", subpath: './a/../b c/' },
      'pkg:generic/it%27s%20%28a%29%20name#a/b%20c',
    ],
    ['pypi', { name: '' }, undefined],
    ['no type', { name: 'a' }, undefined],
    // The library takes off the encoding of qualifiers twice, and its readers could not.
    ['generic', { name: 'a', qualifiers: { arch: '%' } }, undefined],
    ['generic', { name: 'half \ud800 character' }, undefined],
  ])('writes %s as purl-spec does: %j', (type, parts, expected) => {
    expect(packagePurl(type, parts)).toBe(expected);
  });

  it('writes what the library reads as the same parts', () => {
    const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, (name, version, value) => {
        const parts = { name: `a${name}b`, version: `1${version}2`, qualifiers: { arch: `x${value}y` } };
        const purl = packagePurl('generic', parts);
        if (purl === undefined && value.includes('%')) return;
        // A "+" in a query is a space to forms, and here to nobody.
        expect(purl).not.toContain('+');
        const read = PackageURL.fromString(purl ?? '');
        expect([read.name, read.version, read.qualifiers?.['arch']]).toEqual([
          parts.name,
          parts.version,
          parts.qualifiers.arch,
        ]);
      }),
    );
  });

  it('takes any spelling of a Python name for the same package', () => {
    expect(pypiPurl('Huggingface_Hub')).toBe(pypiPurl('huggingface.hub'));
  });
});
