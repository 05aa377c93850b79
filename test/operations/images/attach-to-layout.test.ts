import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { formatDigest } from '../../../src/core/digest.ts';
import { verdictOf } from '../../../src/core/verdict.ts';
import { attachToLayout } from '../../../src/operations/images/attach-to-layout.ts';
import { attachedBom } from '../../../src/operations/images/verify-attached.ts';
import { openLayout } from '../../../src/stores/oci/open-layout.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { imageOf, writeLayout } from '../../fixtures/image-writer.ts';
import { newKeys } from '../../signing/bundles.ts';
import { keys, signedBom } from './signed-bom.ts';

const root = mkdtempSync(join(tmpdir(), 'mlbom-layout-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const image = imageOf({ layers: [{ tar: Buffer.alloc(1024) }] });
const about = [image.manifest.digest];

function layout(name: string): string {
  const path = join(root, name);
  writeLayout(path, [image], { tags: ['v1'] });
  return path;
}

function indexIn(path: string): { manifests: { digest: string }[] } {
  return JSON.parse(readFileSync(join(path, 'index.json'), 'utf8')) as { manifests: { digest: string }[] };
}

it('puts a BOM and its bundle into a layout, where they are found and verified', async () => {
  const path = layout('one');
  const { subject, referrers } = await attachToLayout({ path, ...(await signedBom({ about })), settle: 1 });
  expect(formatDigest(subject)).toBe(image.manifest.digest);
  expect(indexIn(path).manifests.map(({ digest }) => digest)).toEqual([
    image.manifest.digest,
    ...referrers.map(({ digest }) => formatDigest(digest)),
  ]);
  const store = await openLayout(path);
  const { checks } = await attachedBom({ store, subjects: [subject], keys: [keys.publicKey] });
  expect(verdictOf(checks).outcome).toBe('pass');
  expect(await store.root()).toMatchObject({ descriptor: { digest: subject } });
  await store.close();
});

it('changes nothing when it is done again', async () => {
  const path = layout('again');
  const documents = await signedBom({ about });
  await attachToLayout({ path, ...documents, settle: 1 });
  const before = readFileSync(join(path, 'index.json'));
  await attachToLayout({ path, ...documents, settle: 1 });
  expect(readFileSync(join(path, 'index.json'))).toEqual(before);
});

it('loses nothing when several do it at once', async () => {
  const path = layout('several');
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      const documents = await signedBom({ about, signer: newKeys('ed25519') });
      return attachToLayout({ path, ...documents });
    }),
  );
  // They sign one BOM: its own manifest is one.
  expect(indexIn(path).manifests).toHaveLength(1 + 1 + 6);
});

it('takes an image with two tags for one, and keeps the tags of others', async () => {
  const path = join(root, 'tags');
  const other = imageOf({ layers: [{ tar: Buffer.alloc(2048) }] });
  const tags = ['v1', 'latest', 'other', 'other-latest'];
  writeLayout(path, [image, image, other, other], { tags });
  const before = indexIn(path).manifests;
  await attachToLayout({ path, ...(await signedBom({ about })), settle: 1 });
  expect(indexIn(path).manifests.slice(0, 4)).toEqual(before);
  expect(indexIn(path).manifests).toHaveLength(6);
});

it('takes the image that is named', async () => {
  const path = join(root, 'named');
  const other = imageOf({ layers: [{ tar: Buffer.alloc(2048) }] });
  writeLayout(path, [image, other], { tags: ['v1', 'v2'] });
  const documents = await signedBom({ about });
  const to = (name: string) => refusal(attachToLayout({ path, name, ...documents, settle: 1 }));
  expect(await to('v2')).toBe('E_DIGEST other-image');
  expect(await to('v3')).toBe('E_NOT_FOUND image-not-found');
  await attachToLayout({ path, name: 'v1', ...documents, settle: 1 });
  expect(indexIn(path).manifests).toHaveLength(4);
});

it('refuses a place that is no layout, and a BOM of another image', async () => {
  const documents = await signedBom({ about: [`sha256:${'ab'.repeat(32)}`] });
  expect(await refusal(attachToLayout({ path: layout('other'), ...documents }))).toBe('E_DIGEST other-image');
  expect(await refusal(attachToLayout({ path: root, ...documents }))).toBe('E_UNSUPPORTED oci-layout');
  expect(await refusal(attachToLayout({ path: join(root, 'none'), ...documents }))).toMatch(/^E_NOT_FOUND /);
});
