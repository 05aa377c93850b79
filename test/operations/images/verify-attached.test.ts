import { describe, expect, it } from 'vitest';
import { formatDigest } from '../../../src/core/digest.ts';
import { verdictOf } from '../../../src/core/verdict.ts';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import {
  bomReferrer,
  bundleReferrer,
  type Referrer,
} from '../../../src/operations/images/referrer-manifest.ts';
import { attachedBom, type AttachedBom } from '../../../src/operations/images/verify-attached.ts';
import { imageOf, type BlobFixture } from '../../fixtures/image-writer.ts';
import { newKeys } from '../../signing/bundles.ts';
import { descriptorIn, memoryImageStore, type MemoryImageStore } from './memory-image-store.ts';
import { keys, signedBom, type SignedBomFixture } from './signed-bom.ts';

const image = imageOf({ layers: [{ tar: Buffer.alloc(1024) }] });
const subject = descriptorIn(image.manifest);
const about = [image.manifest.digest];
const stranger = newKeys('ed25519');
const other = `sha256:${'ab'.repeat(32)}`;

function put(store: MemoryImageStore, { manifest, descriptor, blobs }: Referrer): string {
  const { mediaType } = descriptor;
  const digest = formatDigest(descriptor.digest);
  const fixture: BlobFixture = { mediaType, digest, bytes: manifest };
  const all = blobs.map((one) => [formatDigest(one.digest), one.bytes] as const);
  store.list({ manifest: fixture, blobs: new Map([...all, [digest, manifest]]) });
  return digest;
}

function bundleIn(store: MemoryImageStore, { bundle }: SignedBomFixture, at = subject): string {
  return put(store, bundleReferrer(bundle, { subject: at }));
}

function bomIn(store: MemoryImageStore, { bom }: { bom: Uint8Array }): string {
  return put(store, bomReferrer(bom, { subject }));
}

function verified(store: MemoryImageStore): Promise<AttachedBom> {
  return attachedBom({ store, subjects: [subject.digest], keys: [keys.publicKey] });
}

/** `bundle:pass signature:fail …`, informational ones in brackets. */
function checksOf({ checks }: AttachedBom): string {
  return checks
    .map(({ id, outcome, required }) => (required ? `${id}:${outcome}` : `(${id}:${outcome})`))
    .join(' ');
}

const passed = 'bundle:pass signature:pass identity:pass statement:pass image:pass';

describe('the BOM that was signed about an image', () => {
  it('is what a trusted signer signed, whatever strangers put beside it', async () => {
    const store = memoryImageStore();
    const foreign = bundleIn(store, await signedBom({ about, signer: stranger, name: 'evil' }));
    const own = bundleIn(store, await signedBom({ about }));
    const result = await verified(store);
    expect(checksOf(result)).toBe(`${passed} (bundle:unknown)`);
    expect(result.checks[0]?.subject).toBe(own);
    expect(result.checks.at(-1)).toMatchObject({ subject: foreign });
    expect(result.signed?.bom.metadata?.component?.name).toBe('app');
    expect(formatDigest(result.signed?.referrer ?? subject.digest)).toBe(own);
    expect(verdictOf(result.checks).outcome).toBe('pass');
  });

  it('is the latest of several, which is said', async () => {
    const store = memoryImageStore();
    for (const [name, year] of [
      ['old', 2024],
      ['new', 2026],
      ['older', 2023],
    ] as const) {
      bundleIn(store, await signedBom({ about, name, timestamp: `${year}-01-01T00:00:00Z` }));
    }
    const result = await verified(store);
    expect(result.signed?.bom.metadata?.component?.name).toBe('new');
    expect(checksOf(result)).toBe(`${passed} (bundle:unknown) (bundle:unknown)`);
    expect(result.checks.at(-1)?.why).toContain('2023-01-01T00:00:00Z, signed as well; the latest counts');
    expect(verdictOf(result.checks).outcome).toBe('pass');
  });

  it('may be found beside an index that leads to it', async () => {
    const store = memoryImageStore();
    const index = { ...subject, digest: parseDigest(other) };
    bundleIn(store, await signedBom({ about: [image.manifest.digest, other] }), index);
    const result = await attachedBom({ store, subjects: [index.digest], keys: [keys.publicKey] });
    expect(checksOf(result)).toBe(passed);
  });
});

describe('there is no BOM', () => {
  it('when nothing lies beside the image', async () => {
    const result = await verified(memoryImageStore());
    expect(result.signed).toBeUndefined();
    expect(checksOf(result)).toBe(
      'bundle:fail signature:unknown identity:unknown statement:unknown image:unknown',
    );
    expect(result.checks[0]).toMatchObject({ subject: image.manifest.digest });
  });

  it('when only strangers signed', async () => {
    const store = memoryImageStore();
    bundleIn(store, await signedBom({ about, signer: stranger }));
    const result = await verified(store);
    expect(result.signed).toBeUndefined();
    expect(checksOf(result)).toBe(
      'bundle:pass signature:fail identity:unknown statement:unknown image:unknown',
    );
  });

  it.each([
    ['the statement', { about, signedAbout: [other] }],
    ['the BOM in it', { about: [other], signedAbout: about }],
    ['all of it: a bundle copied from beside another image', { about: [other] }],
  ])('when another image is meant by %s, and both digests are named', async (_, parts) => {
    const store = memoryImageStore();
    bundleIn(store, await signedBom(parts));
    const result = await verified(store);
    expect(result.signed).toBeUndefined();
    expect(checksOf(result)).toBe('bundle:pass signature:pass identity:pass statement:pass image:fail');
    expect(result.checks.at(-1)).toMatchObject({ expected: image.manifest.digest, actual: other });
  });

  it('when the bundle was changed, and its content is no longer its digest’s', async () => {
    const store = memoryImageStore();
    const documents = await signedBom({ about });
    bundleIn(store, documents);
    const [, layer] = bundleReferrer(documents.bundle, { subject }).blobs;
    if (!layer) throw new Error('no layer');
    const changed = Buffer.from(layer.bytes);
    changed[40] = (changed[40] ?? 0) ^ 1;
    store.blobs.set(formatDigest(layer.digest), changed);
    const result = await verified(store);
    expect(checksOf(result)).toMatch(/^bundle:fail /);
    expect(result.checks[0]?.why).toContain(formatDigest(layer.digest));

    store.blobs.delete(formatDigest(layer.digest));
    expect(verdictOf((await verified(store)).checks).outcome).toBe('unknown');
  });

  it('when the referrer is about another image: the list was tampered with', async () => {
    const store = memoryImageStore();
    const documents = await signedBom({ about });
    bundleIn(store, documents, { ...subject, digest: parseDigest(other) });
    const alone = await verified(store);
    expect(alone.signed).toBeUndefined();
    expect(checksOf(alone)).toMatch(/^bundle:fail .* referrers:fail$/);
    // Nor does it pass for a good one beside it.
    bundleIn(store, documents);
    expect(checksOf(await verified(store))).toBe(`${passed} referrers:fail`);
  });

  it('when there are more bundles than are read', async () => {
    const store = memoryImageStore();
    bundleIn(store, await signedBom({ about }));
    store.listed.push(...Array.from({ length: 100 }, () => store.listed[0] ?? subject));
    const result = await verified(store);
    expect(verdictOf(result.checks).outcome).toBe('unknown');
  });
});

describe('a plain BOM beside the image', () => {
  it('is one that was signed, this one or an earlier one', async () => {
    const store = memoryImageStore();
    for (const timestamp of ['2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z']) {
      const documents = await signedBom({ about, timestamp });
      bomIn(store, documents);
      bundleIn(store, documents);
    }
    expect(checksOf(await verified(store))).toBe(`${passed} (bundle:unknown) plain-bom:pass plain-bom:pass`);
  });

  it('fails when nobody signed it: scanners would take it unseen', async () => {
    const store = memoryImageStore();
    const documents = await signedBom({ about });
    bundleIn(store, documents);
    const planted = bomIn(store, await signedBom({ about, name: 'clean' }));
    const result = await verified(store);
    expect(checksOf(result)).toBe(`${passed} plain-bom:fail`);
    const own = bomReferrer(documents.bom, { subject }).blobs[1]?.digest ?? subject.digest;
    expect(result.checks.at(-1)).toMatchObject({ subject: planted, expected: formatDigest(own) });
    expect(verdictOf(result.checks).outcome).toBe('fail');
  });

  it('fails when it is none', async () => {
    const store = memoryImageStore();
    bundleIn(store, await signedBom({ about }));
    bomIn(store, { bom: Buffer.from('{"bomFormat":"other"}') });
    expect(checksOf(await verified(store))).toBe(`${passed} plain-bom:fail`);
  });
});
