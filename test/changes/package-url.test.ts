import { describe, expect, it } from 'vitest';
import { namesFile, packageIdentity, packageVersion } from '../../src/changes/package-url.ts';

describe('packageIdentity', () => {
  it.each([
    ['another version', 'pkg:npm/%40a/b@1.0', 'pkg:npm/%40a/b@2.0'],
    ['another digest of an image', 'pkg:oci/a@sha256%3Aaa?tag=1', 'pkg:oci/a@sha256%3Abb?tag=2'],
    ['another checksum', 'pkg:generic/a@1?checksum=sha256:aa', 'pkg:generic/a@2?checksum=sha256:bb'],
    ['qualifiers in another order', 'pkg:deb/a@1?arch=x&distro=y', 'pkg:deb/a@1?distro=y&arch=x'],
    ['a scope that is not escaped', 'pkg:npm/@a/b@1.0', 'pkg:npm/@a/b'],
  ])('is the same with %s', (_, a, b) => {
    expect(packageIdentity(a)).toBe(packageIdentity(b));
  });

  it.each([
    ['another name', 'pkg:npm/a@1', 'pkg:npm/b@1'],
    ['another type', 'pkg:npm/a@1', 'pkg:pypi/a@1'],
    ['another architecture', 'pkg:deb/a@1?arch=x', 'pkg:deb/a@1?arch=y'],
    ['another file', 'pkg:huggingface/a/b@1#c', 'pkg:huggingface/a/b@1#d'],
  ])('differs with %s', (_, a, b) => {
    expect(packageIdentity(a)).not.toBe(packageIdentity(b));
  });
});

describe('packageVersion', () => {
  it.each([
    ['pkg:npm/a@1.0?x=y@z#s@t', '1.0'],
    ['pkg:npm/@scope/a', undefined],
    ['pkg:npm/@scope', undefined],
    ['not a purl', undefined],
  ])('of %s is %s', (purl, version) => {
    expect(packageVersion(purl)).toBe(version);
  });
});

describe('namesFile', () => {
  it('is true for a package URL with a subpath only', () => {
    expect(namesFile('pkg:huggingface/a/b@1#model.gguf')).toBe(true);
    expect(namesFile('pkg:huggingface/a/b@1')).toBe(false);
  });
});
