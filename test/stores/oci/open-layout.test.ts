import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import { openLayout } from '../../../src/stores/oci/open-layout.ts';
import {
  artifactOf,
  descriptorOf,
  imageOf,
  jsonBlob,
  writeLayout,
  type RootFixture,
} from '../../fixtures/image-writer.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { told } from './told.ts';

const image = imageOf({ layers: [{ tar: Buffer.from('one') }] });
const arm = imageOf({
  layers: [{ tar: Buffer.from('arm') }],
  platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
});

function layoutOf(roots: readonly RootFixture[], tags: readonly string[] = []): string {
  const directory = temporaryDirectory();
  writeLayout(directory, roots, { tags });
  return directory;
}

describe('the images of a layout', () => {
  it('are told when none is named', async () => {
    const directory = layoutOf([image, arm], ['v1', 'registry.example.org/team/app:v2']);
    const store = await openLayout(directory);
    expect(await told(store.root())).toMatch(
      /^E_USAGE image-ambiguous: .*v1.*registry\.example\.org\/team\/app:v2/,
    );
    const same = await openLayout(layoutOf([image, arm], ['v1', 'v1']));
    expect(await told(same.root())).toMatch(/@sha256:\w+ \(linux\/amd64\), @sha256:\w+ \(linux\/arm64\/v8\)/);
    const missing = openLayout(directory, { name: 'v3' }).then((one) => one.root());
    expect(await told(missing)).toMatch(/^E_NOT_FOUND image-not-found: .*v3.*v1/);
  });

  it.each([['v2'], ['registry.example.org/team/app:v2'], [arm.manifest.digest]])(
    'are found as %s',
    async (name) => {
      const directory = layoutOf([image, arm], ['v1', 'registry.example.org/team/app:v2']);
      const store = await openLayout(directory, { name });
      expect(store).toMatchObject({
        kind: 'oci-layout',
        tags: ['v2'],
        repository: 'registry.example.org/team/app',
      });
      expect(await store.root()).toMatchObject({
        descriptor: { digest: parseDigest(arm.manifest.digest) },
        neighbours: [{ digest: parseDigest(image.manifest.digest) }],
      });
    },
  );

  it('are one under two tags', async () => {
    const store = await openLayout(layoutOf([image, image], ['v1', 'latest']));
    expect(store.tags).toEqual(['v1', 'latest']);
    expect(await told(store.root())).toBe('done');
  });

  it('are not what is about them', async () => {
    const subject = { subject: descriptorOf(image.manifest) };
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') };
    const bom = artifactOf({
      artifactType: 'application/vnd.cyclonedx+json',
      config,
      layers: [],
      manifest: subject,
    });
    const other = artifactOf({
      artifactType: 'text/plain',
      config,
      layers: [],
      manifest: { subject: descriptorOf(arm.manifest) },
    });
    const signature = artifactOf({ config, layers: [], annotations: { a: 'b' } });
    const directory = temporaryDirectory();
    const typed = { ...bom, annotations: {} };
    writeLayout(directory, [image, typed, other, signature], {
      tags: ['v1', undefined, undefined, `${image.manifest.digest.replace(':', '-')}.sig`],
    });
    // The descriptors of referrers in an index have their artifactType.
    const path = join(directory, 'index.json');
    const index = JSON.parse(readFileSync(path, 'utf8')) as {
      manifests: { digest: string; artifactType?: string }[];
    };
    for (const one of index.manifests) {
      if ([bom, other].some(({ manifest }) => manifest.digest === one.digest))
        one.artifactType = 'text/plain';
    }
    writeFileSync(path, JSON.stringify(index));
    const store = await openLayout(directory);
    expect(await store.root()).toMatchObject({ descriptor: { digest: parseDigest(image.manifest.digest) } });
    const referrers = await store.referrers(parseDigest(image.manifest.digest));
    expect(referrers).toMatchObject([
      { digest: parseDigest(signature.manifest.digest) },
      { digest: parseDigest(bom.manifest.digest), artifactType: 'application/vnd.cyclonedx+json' },
    ]);
  });

  it.each([
    ['another version', 'oci-layout', '{"imageLayoutVersion":"2.0.0"}', 'E_UNSUPPORTED oci-layout-version'],
    [
      'a version that Go would read',
      'oci-layout',
      '{"imageLayoutVersion":"1.0.0","ImageLayoutVersion":"2.0.0"}',
      'E_MALFORMED oci-case',
    ],
    ['no version', 'oci-layout', '{}', 'E_MALFORMED oci-layout'],
    [
      'a name twice in its index',
      'index.json',
      '{"schemaVersion":2,"manifests":[],"manifests":[]}',
      'E_MALFORMED json-duplicate-key',
    ],
    [
      'a digest that leads out of it',
      'index.json',
      JSON.stringify({
        schemaVersion: 2,
        manifests: [{ mediaType: 'a/b', size: 1, digest: 'sha256:../../etc/passwd' }],
      }),
      'E_MALFORMED oci-digest',
    ],
    [
      'too many manifests',
      'index.json',
      JSON.stringify({ schemaVersion: 2, manifests: Array(1001).fill(descriptorOf(jsonBlob('a/b', {}))) }),
      'E_LIMIT oci-descriptors',
    ],
  ])('are not read with %s', async (_, file, content, expected) => {
    const directory = layoutOf([image]);
    writeFileSync(join(directory, file), content);
    expect((await told(openLayout(directory))).startsWith(expected)).toBe(true);
  });

  it('are not looked for where there is no layout', async () => {
    const directory = temporaryDirectory({ 'index.json': '{}' });
    expect(await told(openLayout(directory))).toMatch(/^E_UNSUPPORTED oci-layout:/);
    expect(await told(openLayout(join(directory, 'index.json')))).toMatch(/^E_UNSUPPORTED oci-layout:/);
    expect(await told(openLayout(join(directory, 'none')))).toMatch(/^E_NOT_FOUND /);
  });
});
