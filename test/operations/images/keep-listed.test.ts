import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/digest.ts';
import type { Descriptor } from '../../../src/core/image.ts';
import { keepListed, type SharedIndex } from '../../../src/operations/images/keep-listed.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';

interface Place extends SharedIndex {
  content: string | undefined;
  writes: number;
}

/** `delay` before each answer; `compares`: it refuses what rests on an older version. */
function place(options: { delay?: () => number; compares?: boolean; content?: string } = {}): Place {
  const { delay = () => 0, compares = false } = options;
  const shared: Place = {
    name: 'registry.example.org/team/app (tag sha256-…)',
    content: options.content,
    writes: 0,
    async read() {
      await sleep(delay());
      const { content } = shared;
      return content === undefined ? undefined : { bytes: Buffer.from(content), version: sha256(content) };
    },
    async write(bytes, version) {
      await sleep(delay());
      const current = shared.content === undefined ? undefined : sha256(shared.content);
      if (compares && version !== current) return false;
      shared.writes++;
      shared.content = Buffer.from(bytes).toString();
      return true;
    },
  };
  return shared;
}

function descriptor(name: string): Descriptor {
  return {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: { algorithm: 'sha256', hex: sha256(name) },
    size: name.length,
    artifactType: 'application/vnd.example',
    annotations: { name },
  };
}

function namesIn({ content = '{}' }: Place): string[] {
  const { manifests = [] } = JSON.parse(content) as { manifests?: { annotations: { name: string } }[] };
  return manifests.map(({ annotations }) => annotations.name).sort();
}

describe('an index that several write', () => {
  it('loses nothing when eight write at once and the place compares no versions', async () => {
    const writers = Array.from({ length: 8 }, (_, at) => `w${at}`);
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 0, max: 8 })), async (delays) => {
        const shared = place({ delay: () => delays.next().value as number });
        await Promise.all(writers.map((name) => keepListed(shared, [descriptor(name)], { settle: 60 })));
        expect(namesIn(shared)).toEqual(writers);
      }),
      { numRuns: 5 },
    );
  });

  it('puts back what another writer erased meanwhile, and not only its own', async () => {
    const shared = place();
    await keepListed(shared, [descriptor('early')], { settle: 1 });
    const late = keepListed(shared, [descriptor('late')], { settle: 100 });
    await sleep(30);
    shared.content = place({ content: JSON.stringify({ schemaVersion: 2, manifests: [] }) }).content;
    await late;
    expect(namesIn(shared)).toEqual(['early', 'late']);
  });

  it('loses nothing where the place compares versions', async () => {
    const shared = place({ delay: () => Math.random() * 5, compares: true });
    const writers = Array.from({ length: 8 }, (_, at) => `w${at}`);
    await Promise.all(writers.map((name) => keepListed(shared, [descriptor(name)], { settle: 20 })));
    expect(namesIn(shared)).toEqual(writers);
    expect(shared.writes).toBe(8);
  });

  it('is written once, and not at all when everything is listed', async () => {
    const shared = place();
    expect(await keepListed(shared, [descriptor('a'), descriptor('b')], { settle: 1 })).toBe(true);
    expect(await keepListed(shared, [descriptor('b'), descriptor('a')], { settle: 1 })).toBe(false);
    expect(shared.writes).toBe(1);
  });

  it('keeps what others wrote into it as it is, and says what it is', async () => {
    const entry = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: `sha256:${'0'.repeat(64)}`,
      size: 7,
      annotations: { name: 'old' },
      data: 'e30=',
      'x-unknown': [1],
    };
    const shared = place({
      content: JSON.stringify({ schemaVersion: 2, manifests: [entry], annotations: { a: 'b' } }),
    });
    await keepListed(shared, [descriptor('new')], { settle: 1 });
    const written = JSON.parse(shared.content ?? '') as { manifests: unknown[] };
    expect(written).toMatchObject({
      mediaType: 'application/vnd.oci.image.index.v1+json',
      annotations: { a: 'b' },
    });
    expect(written.manifests[0]).toEqual(entry);
  });

  it('keeps every name of an image, and no name that moved meanwhile', async () => {
    const named = (content: string, name: string): object => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: `sha256:${sha256(content)}`,
      size: 7,
      annotations: { name: content, 'org.opencontainers.image.ref.name': name },
    });
    const written = (manifests: object[]): string => JSON.stringify({ schemaVersion: 2, manifests });
    const before = [named('a', 'v1'), named('b', 'other'), named('b', 'latest'), named('own', 'bom')];
    const shared = place({ content: written(before) });
    const work = keepListed(shared, [descriptor('own')], { settle: 100 });
    await sleep(30);
    expect((JSON.parse(shared.content ?? '') as { manifests: object[] }).manifests.slice(0, 4)).toEqual(
      before,
    );
    expect(namesIn(shared)).toEqual(['a', 'b', 'b', 'own', 'own']);
    shared.content = written([named('c', 'v1')]);
    await work;
    expect(namesIn(shared)).toEqual(['b', 'b', 'c', 'own', 'own']);
  });

  it('completes an entry of its own that another tool wrote without annotations', async () => {
    const { digest, mediaType, size } = descriptor('own');
    const bare = { mediaType, digest: `sha256:${digest.hex}`, size };
    const shared = place({ content: JSON.stringify({ schemaVersion: 2, manifests: [bare, bare] }) });
    await keepListed(shared, [descriptor('own')], { settle: 1 });
    expect(namesIn(shared)).toEqual(['own']);
  });

  it.each([
    [
      'an image has its name',
      '{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"sha256:' +
        '0'.repeat(64) +
        '","size":1},"layers":[]}',
      'E_UNSUPPORTED referrers-no-index',
    ],
    ['it is no JSON', 'x', 'E_MALFORMED json'],
    [
      'it is full',
      JSON.stringify({
        schemaVersion: 2,
        manifests: Array.from({ length: 1000 }, (_, at) => ({
          mediaType: 'a/b',
          size: 1,
          digest: `sha256:${sha256(String(at))}`,
        })),
      }),
      'E_LIMIT referrers-size',
    ],
  ])('is left alone when %s', async (_, content, expected) => {
    const shared = place({ content });
    expect(await refusal(keepListed(shared, [descriptor('a')], { settle: 1 }))).toBe(expected);
    expect(shared.content).toBe(content);
  });

  it('is given up when others keep overwriting it', async () => {
    const shared = place();
    const erasing: SharedIndex = { ...shared, write: () => Promise.resolve(true) };
    expect(await refusal(keepListed(erasing, [descriptor('a')], { settle: 0 }))).toBe(
      'E_UNWRITABLE referrers-contended',
    );
  });

  it('ends when it is interrupted, also while it waits', async () => {
    const controller = new AbortController();
    const work = keepListed(place(), [descriptor('a')], { settle: 60_000, signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 20);
    expect(await refusal(work)).toBe('E_ABORTED undefined');
  });
});
