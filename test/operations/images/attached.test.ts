import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDigest } from '../../../src/core/digest.ts';
import type { Descriptor, ResolvedImage } from '../../../src/core/image.ts';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import {
  attachedStatement,
  imageMaterials,
  isAbout,
} from '../../../src/operations/images/attached-statement.ts';
import {
  findAttached,
  findBuildkitAttestations,
  readAttached,
} from '../../../src/operations/images/attached.ts';
import { isMlbomError } from '../../../src/core/errors.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { artifactOf, imageOf, type ImageFixture } from '../../fixtures/image-writer.ts';
import { descriptorIn, memoryImageStore } from './memory-image-store.ts';

const image = imageOf({ layers: [{ tar: Buffer.alloc(1024) }] });
const digest = parseDigest(image.manifest.digest);
const stranger = `sha256:${'ab'.repeat(32)}`;

interface ReferrerParts {
  readonly type: string;
  readonly content?: string;
  readonly subject?: string | null;
  readonly annotations?: Record<string, string>;
  readonly layerAnnotations?: Record<string, string>;
}

/** A manifest with one layer, about the image unless told otherwise; `null`: without a subject. */
function referrer(parts: ReferrerParts): ImageFixture {
  const { type, content = '{}', subject = image.manifest.digest, annotations, layerAnnotations } = parts;
  const { mediaType, bytes } = image.manifest;
  return artifactOf({
    artifactType: type,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') },
    layers: [
      {
        mediaType: type,
        bytes: Buffer.from(content),
        ...(layerAnnotations && { annotations: layerAnnotations }),
      },
    ],
    ...(annotations && { annotations }),
    ...(subject !== null && { manifest: { subject: { mediaType, digest: subject, size: bytes.length } } }),
  });
}

describe('documents beside an image', () => {
  it.each([
    ['application/vnd.cyclonedx+json', 'cyclonedx'],
    ['application/vnd.cyclonedx+json; version=1.6', 'cyclonedx'],
    ['application/vnd.dev.sigstore.bundle.v0.3+json', 'sigstore-bundle'],
    ['application/vnd.dev.sigstore.bundle+json;version=0.2', 'sigstore-bundle'],
    ['application/vnd.in-toto+json', 'in-toto'],
    ['text/spdx+json', 'spdx'],
    ['application/vnd.example', 'other'],
  ])('are known by their media type: %s', async (type, kind) => {
    const store = memoryImageStore();
    const { digest: manifest } = store.list(referrer({ type }));
    const { documents, problems } = await findAttached(store, digest);
    expect(problems).toEqual([]);
    expect(documents).toMatchObject([{ kind, digest: manifest, artifactType: type, how: 'referrer' }]);
    expect(documents[0]?.content).toMatchObject({ mediaType: type, size: 2 });
  });

  it('say by their annotations what they state', async () => {
    const store = memoryImageStore();
    const says = 'https://example.org/predicate';
    store.list(
      referrer({
        type: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        annotations: { 'dev.sigstore.bundle.predicateType': says },
      }),
    );
    store.list(
      referrer({
        type: 'application/vnd.in-toto+json',
        layerAnnotations: { 'in-toto.io/predicate-type': says },
      }),
    );
    // Under cosign's tag .att, where no manifest has a subject.
    store.list(
      referrer({
        type: 'application/vnd.dsse.envelope.v1+json',
        subject: null,
        layerAnnotations: { predicateType: says },
      }),
    );
    const { documents } = await findAttached(store, digest);
    expect(documents.map(({ kind, how, predicateType }) => [kind, how, predicateType])).toEqual([
      ['sigstore-bundle', 'referrer', says],
      ['in-toto', 'referrer', says],
      ['dsse', 'tag', says],
    ]);
  });

  it('are read only with the digest and the size of their descriptor', async () => {
    const store = memoryImageStore();
    const fixture = referrer({ type: 'application/vnd.cyclonedx+json', content: '{"a":1}' });
    store.list(fixture);
    const [document] = (await findAttached(store, digest)).documents;
    if (!document) throw new Error('nothing found');
    expect(Buffer.from(await readAttached(store, document)).toString()).toBe('{"a":1}');
    store.blobs.set(formatDigest(document.content.digest), Buffer.from('{"a":2}'));
    expect(await refusal(readAttached(store, document))).toBe('E_DIGEST image-digest');
  });
});

describe('a manifest that is listed beside an image', () => {
  const type = 'application/vnd.cyclonedx+json';

  it('is not used when it says to be about another one, and both digests are named', async () => {
    const store = memoryImageStore();
    const { digest: manifest } = store.list(referrer({ type, subject: stranger }));
    const { documents, problems } = await findAttached(store, digest);
    expect(documents).toEqual([]);
    expect(problems).toMatchObject([
      { code: 'other-subject', effect: 'contradiction', path: formatDigest(manifest) },
    ]);
    expect(problems[0]?.reason).toContain(image.manifest.digest);
    expect(problems[0]?.reason).toContain(stranger);
  });

  it('is not used when its bytes are not its digest’s, is missing, or is no manifest; others are', async () => {
    const store = memoryImageStore();
    const changed = store.list(referrer({ type, content: 'a' }));
    const bytes = Buffer.from(store.blobs.get(formatDigest(changed.digest)) ?? []);
    bytes[bytes.length - 2] = 0x20;
    store.blobs.set(formatDigest(changed.digest), bytes);
    const gone = store.list(referrer({ type, content: 'b' }));
    store.blobs.delete(formatDigest(gone.digest));
    const text = Buffer.from('no manifest');
    store.list({
      manifest: { ...image.manifest, bytes: text, digest: `sha256:${'0'.repeat(64)}` },
      blobs: new Map([[`sha256:${'0'.repeat(64)}`, text]]),
    });
    store.list(referrer({ type, content: 'good' }));
    const { documents, problems } = await findAttached(store, digest);
    expect(documents).toHaveLength(1);
    expect(problems.map(({ code, effect }) => [code, effect])).toEqual([
      ['digest', 'contradiction'],
      ['not-found', 'incomplete'],
      ['digest', 'contradiction'],
    ]);
  });

  it('is counted when there are more than anyone reads', async () => {
    const store = memoryImageStore();
    const one = store.list(referrer({ type }));
    store.listed.push(...Array.from({ length: 1000 }, () => one));
    const { documents, problems } = await findAttached(store, digest);
    expect(documents).toHaveLength(1000);
    expect(problems).toMatchObject([{ code: 'limit', effect: 'incomplete' }]);
  });
});

describe('BuildKit’s attestations', () => {
  function resolved(neighbours: readonly Descriptor[], store = memoryImageStore()): ResolvedImage {
    const descriptor = descriptorIn(image.manifest);
    const config = { ...descriptorIn(image.config), bytes: image.config.bytes };
    const manifest = { descriptor, annotations: {}, config, layers: [] };
    return { store, manifest, config, layers: [], indexes: [], neighbours };
  }

  it('are those in the index that name the image, with what their layers state', async () => {
    const store = memoryImageStore();
    const provenance = 'https://slsa.dev/provenance/v0.2';
    const mine = store.list(
      referrer({
        type: 'application/vnd.in-toto+json',
        subject: null,
        layerAnnotations: { 'in-toto.io/predicate-type': provenance },
      }),
    );
    const named = (about: string): Descriptor => ({
      ...mine,
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': about,
      },
    });
    const image_ = resolved([named(image.manifest.digest), named(stranger), mine], store);
    const { documents } = await findBuildkitAttestations(image_);
    expect(documents).toMatchObject([{ kind: 'in-toto', how: 'index', predicateType: provenance }]);
  });
});

describe('a statement of provenance', () => {
  const hex = 'cd'.repeat(32);

  it('names the images that went into the build, in every version of it', () => {
    const materials = [
      { uri: 'pkg:docker/python@3.12-slim?platform=linux%2Famd64', digest: { sha256: hex } },
      { uri: `pkg:docker/registry.example.org/team/base@v1?digest=sha256:${hex}` },
      { uri: `pkg:docker/team/pinned@sha256:${hex}` },
      { uri: `pkg:oci/base@sha256%3A${hex}?repository_url=registry.example.org/team/base&tag=v2` },
      { uri: 'pkg:docker/without@digest' },
      { uri: 'git+https://example.org/code', digest: { sha1: 'ab'.repeat(20) } },
      { uri: 'pkg:docker/UPPER@1', digest: { sha256: hex } },
      { uri: 'pkg:docker/%zz@1', digest: { sha256: hex } },
      7,
    ];
    const expected = [
      { reference: 'docker.io/library/python:3.12-slim', platform: 'linux/amd64' },
      { reference: 'registry.example.org/team/base:v1' },
      { reference: 'docker.io/team/pinned' },
      { reference: 'registry.example.org/team/base:v2' },
    ].map((one) => ({ ...one, digest: { algorithm: 'sha256', hex } }));
    const v02 = { predicateType: 'https://slsa.dev/provenance/v0.2', predicate: { materials } };
    const v1 = {
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: { buildDefinition: { resolvedDependencies: materials } },
    };
    expect(imageMaterials(v02)).toEqual(expected);
    expect(imageMaterials(v1)).toEqual(expected);
    expect(imageMaterials({ ...v1, predicateType: 'https://spdx.dev/Document' })).toEqual([]);
  });

  it('is bounded', async () => {
    const materials = Array.from({ length: 10_001 }, () => ({ uri: 'pkg:docker/a@1' }));
    const statement = { predicateType: 'https://slsa.dev/provenance/v0.2', predicate: { materials } };
    expect(await refusal(Promise.resolve().then(() => imageMaterials(statement)))).toBe('E_LIMIT undefined');
  });

  it('is read from a signed envelope and from one that nobody signed', () => {
    const statement = { subject: [{ name: 'a', digest: { sha256: hex } }] };
    const text = Buffer.from(JSON.stringify(statement));
    const envelope = Buffer.from(JSON.stringify({ payload: text.toString('base64'), signatures: [] }));
    const read = [
      attachedStatement({ kind: 'in-toto' }, text),
      attachedStatement({ kind: 'dsse' }, envelope),
    ];
    expect(read).toEqual([statement, statement]);
    expect(read.map((one) => isAbout(one, { algorithm: 'sha256', hex }))).toEqual([true, true]);
    expect(read.map((one) => isAbout(one, digest))).toEqual([false, false]);
  });

  it('of hostile bytes ends in a result or an MlbomError', () => {
    const kinds = fc.constantFrom('in-toto', 'dsse', 'sigstore-bundle', 'spdx');
    const json = fc.json().map((text) => new Uint8Array(Buffer.from(text)));
    fc.assert(
      fc.property(kinds, fc.oneof(fc.uint8Array(), json), (kind, bytes) => {
        try {
          const statement = attachedStatement({ kind }, bytes);
          isAbout(statement, digest);
          imageMaterials({ ...statement, predicateType: 'https://slsa.dev/provenance/v1' });
        } catch (error) {
          if (!isMlbomError(error)) throw error;
        }
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, value) => {
        const materials = [{ uri: `pkg:docker/${text}`, digest: value }, { uri: `pkg:oci/${text}` }, value];
        const predicateType = 'https://slsa.dev/provenance/v0.2';
        imageMaterials({ predicateType, predicate: { materials } } as never);
      }),
    );
  });
});
