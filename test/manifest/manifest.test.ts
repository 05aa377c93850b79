import { expect, test } from 'vitest';
import { canonicalBytes } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/digest.ts';
import type { ManifestFile } from '../../src/core/manifest.ts';
import { artifactDigest, canonicalManifest } from '../../src/manifest/artifact-digest.ts';
import { makeManifest } from '../../src/manifest/manifest.ts';
import { omsRoot } from '../../src/manifest/oms-root.ts';

test('a manifest is sorted by code points, above the 16-bit plane too', () => {
  const manifest = makeManifest(['\u{1F600}', '\uFFFD', 'a/b', 'a-b', 'B'].map((path) => file(path)));
  expect(manifest.files.map(({ path }) => path)).toEqual(['B', 'a-b', 'a/b', '\uFFFD', '\u{1F600}']);
});

test('a path cannot stand twice', () => {
  expect(() => makeManifest([file('a'), file('b'), file('a')])).toThrow(code('E_MALFORMED'));
});

test.each(['', '/etc/passwd', '../up', 'a/../b', './a', 'a//b', 'a/', 'a\0b', '\uD800'])(
  'the path %j is refused',
  (path) => {
    expect(() => makeManifest([file(path)])).toThrow(code('E_MALFORMED'));
  },
);

test('a path longer than any system makes is refused', () => {
  expect(() => makeManifest([file('a'.repeat(20_000))])).toThrow(code('E_LIMIT'));
});

test.each([[[]], [['a']], [['tokenizer.json', 'line\nbreak "quoted"', '\u{1F600}.gguf']]])(
  'the artifact digest of %j is the SHA-256 of the canonical manifest',
  (paths) => {
    const manifest = makeManifest(paths.map((path) => file(path)));
    const expected = canonicalBytes({ version: 1, files: manifest.files });
    expect(canonicalManifest(manifest)).toEqual(expected);
    expect(artifactDigest(manifest)).toBe(sha256(expected));
  },
);

test('the artifact digest does not depend on the order of the files, and does on which name has which bytes', () => {
  const one = sha256('1');
  const two = sha256('2');
  const digest = artifactDigest(makeManifest([file('a', one), file('b', two)]));
  expect(artifactDigest(makeManifest([file('b', two), file('a', one)]))).toBe(digest);
  expect(artifactDigest(makeManifest([file('a', two), file('b', one)]))).not.toBe(digest);
});

test('what else a file object carries does not reach the manifest', () => {
  const more = { ...file('a'), leaves: new Uint8Array(32) };
  expect(artifactDigest(makeManifest([more]))).toBe(artifactDigest(makeManifest([file('a')])));
});

test('the OMS root orders by path components', () => {
  const digests = { 'a/b': sha256('1'), 'a-b': sha256('2'), a0: sha256('3') };
  const manifest = makeManifest(Object.entries(digests).map(([path, digest]) => file(path, digest)));
  expect(manifest.files.map(({ path }) => path)).toEqual(['a-b', 'a/b', 'a0']);
  const inOrder = [digests['a/b'], digests['a-b'], digests.a0].join('');
  expect(omsRoot(manifest)).toBe(sha256(Buffer.from(inOrder, 'hex')));
});

function file(path: string, digest: string = sha256('')): ManifestFile {
  const chunkRoot = sha256(Buffer.from(digest, 'hex'));
  return { path, size: 1, sha256: digest, chunkSize: 8 * 1024 * 1024, chunkRoot };
}

function code(value: string): unknown {
  return expect.objectContaining({ code: value });
}
