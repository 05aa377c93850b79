import { describe, expect, it } from 'vitest';
import { formatDigest, sha256 } from '../../../src/core/digest.ts';
import { bomReferrer, bundleReferrer } from '../../../src/operations/images/referrer-manifest.ts';
import { readManifest } from '../../../src/formats/oci/read-manifest.ts';

const subject = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: { algorithm: 'sha256', hex: 'ab'.repeat(32) },
  size: 1234,
} as const;
const created = '2026-01-01T00:00:00Z';
const content = Buffer.from('{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}');
const empty = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

describe('a manifest that brings a signed BOM', () => {
  it('has every byte that cosign gives it, in canonical form', () => {
    const hex = sha256(content);
    expect(Buffer.from(bundleReferrer(content, { subject, created }).manifest).toString()).toBe(
      '{"annotations":{' +
        '"dev.sigstore.bundle.content":"dsse-envelope",' +
        '"dev.sigstore.bundle.predicateType":"https://cyclonedx.org/bom",' +
        '"org.opencontainers.image.created":"2026-01-01T00:00:00Z"},' +
        '"artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json",' +
        `"config":{"data":"e30=","digest":"${empty}","mediaType":"application/vnd.oci.empty.v1+json","size":2},` +
        `"layers":[{"annotations":{"org.opencontainers.image.title":"sha256-${hex}.sigstore.json"},` +
        `"digest":"sha256:${hex}","mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","size":${content.length}}],` +
        '"mediaType":"application/vnd.oci.image.manifest.v1+json","schemaVersion":2,' +
        `"subject":{"digest":"sha256:${subject.digest.hex}","mediaType":"application/vnd.oci.image.manifest.v1+json","size":1234}}`,
    );
  });
});

describe('a manifest that brings a plain BOM', () => {
  const { manifest, descriptor, blobs } = bomReferrer(content, { subject, created });

  it('has the media type of the one layer as artifact type, which is what trivy asks for', () => {
    const read = readManifest(manifest);
    expect(read).toMatchObject({
      artifactType: 'application/vnd.cyclonedx+json',
      subject: { digest: subject.digest, size: 1234 },
      layers: [{ mediaType: 'application/vnd.cyclonedx+json' }],
      annotations: { 'org.opencontainers.image.created': created },
    });
  });

  it('is described with its artifact type and all of its annotations, and brings what it points to', () => {
    expect(descriptor).toMatchObject({
      digest: { algorithm: 'sha256', hex: sha256(manifest) },
      size: manifest.length,
      artifactType: 'application/vnd.cyclonedx+json',
      annotations: { 'org.opencontainers.image.created': created },
    });
    expect(blobs.map(({ digest }) => formatDigest(digest))).toEqual([empty, `sha256:${sha256(content)}`]);
  });

  it('leaves out a time that nobody knows', () => {
    expect(Buffer.from(bomReferrer(content, { subject }).manifest).toString()).not.toContain(
      'annotations":{}',
    );
    expect(readManifest(bomReferrer(content, { subject }).manifest).annotations).toEqual({});
  });
});
