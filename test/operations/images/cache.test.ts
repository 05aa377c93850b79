import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeBom } from '../../../src/bom/write.ts';
import type { Bom } from '../../../src/core/bom.ts';
import { generate, type GenerateOptions } from '../../../src/operations/generate.ts';
import { openLayerCache, type LayerCache } from '../../../src/operations/images/layer-cache.ts';
import { verify } from '../../../src/operations/verify.ts';
import { temporaryDirectory } from '../../cli/mlbom.ts';
import { startRegistry, type FakeRegistry } from '../../fixtures/fake-registry.ts';
import { dockerArchive, imageOf, writeLayout, type ImageFixture } from '../../fixtures/image-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';
import { layersOf, sampleImage, sampleLayers, timestamp, valuesOf } from './sample-image.ts';
import { signBom } from './signing-files.ts';

const image = sampleImage();
const [first, second] = image.layers;
if (!first || !second) throw new Error('the image has layers');

interface Cached {
  readonly cache: () => Promise<LayerCache>;
  readonly directory: string;
}

async function newCache(): Promise<Cached> {
  const directory = join(temporaryDirectory(), 'layers');
  const opened = await openLayerCache({ directory });
  return { cache: () => Promise.resolve(opened), directory };
}

function inLayout(root: ImageFixture): { source: string; keep: (digest: string, bytes: Uint8Array) => void } {
  const directory = join(temporaryDirectory(), 'app');
  writeLayout(directory, [root], { tags: ['v1'] });
  return {
    source: `oci-layout:${directory}:v1`,
    keep: (digest, bytes) => {
      writeFileSync(join(directory, 'blobs', digest.replace(':', '/')), bytes);
    },
  };
}

async function inRegistry(root: ImageFixture): Promise<{ source: string; registry: FakeRegistry }> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  registry.seed(root, 'team/app', 'v1');
  return { source: `oci://${registry.host}/team/app:v1`, registry };
}

function inArchive(root: ImageFixture): string {
  const path = join(temporaryDirectory(), 'app.tar');
  writeFileSync(path, dockerArchive(root));
  return path;
}

async function read(source: string, options: Partial<GenerateOptions> = {}): Promise<Bom> {
  return (await generate({ sources: [source], timestamp, ...options })).bom;
}

function verificationsOf(bom: Bom): (string | undefined)[] {
  return layersOf(bom).map((layer) => valuesOf(layer, 'mlbom:oci:verification')[0]);
}

/** Without what says that it was cached, and what is derived from the whole text. */
function textOf(bom: Bom): string {
  return writeBom({ ...bom, serialNumber: '' }).replaceAll('"value":"cached"', '"value":"content"');
}

/** Digests of layers that were asked for. */
function fetched({ requests }: FakeRegistry, { layers }: ImageFixture): string[] {
  return layers.flatMap(({ digest }) =>
    requests.some(({ method, url }) => method === 'GET' && url.includes(digest)) ? [digest] : [],
  );
}

/** Valid, packed anew: other bytes with the same content. */
const repacked = imageOf({
  layers: sampleLayers.map((layer) => ({ ...layer, codec: layer.codec === 'none' ? 'gzip' : 'none' })),
});

describe('with a cache of layers', () => {
  it.each(['layout', 'docker archive', 'registry'] as const)('a BOM of a %s is the same', async (place) => {
    const { cache } = await newCache();
    const source = {
      layout: () => inLayout(image).source,
      'docker archive': () => inArchive(image),
      registry: async () => (await inRegistry(image)).source,
    }[place];
    const at = await source();
    const cold = await read(at, { cache });
    const warm = await read(at, { cache });
    expect(verificationsOf(cold)).toEqual(['content', 'content', 'content']);
    expect(verificationsOf(warm)).toEqual(['cached', 'cached', 'cached']);
    expect(textOf(warm)).toBe(textOf(cold));
    expect(textOf(await read(at))).toBe(textOf(cold));
  });

  it('a registry is asked for no layer that is known', async () => {
    const { cache } = await newCache();
    const { source, registry } = await inRegistry(image);
    await read(source, { cache });
    expect(fetched(registry, image)).toHaveLength(3);
    registry.requests.length = 0;
    await read(source, { cache });
    expect(fetched(registry, image)).toEqual([]);
    // One layer more: only that one.
    const more = imageOf({
      layers: [...sampleLayers, { tar: writeTar([{ name: 'etc/motd', content: 'new' }]) }],
    });
    registry.seed(more, 'team/app', 'v1');
    expect(verificationsOf(await read(source, { cache }))).toEqual(['cached', 'cached', 'cached', 'content']);
    expect(fetched(registry, more)).toEqual([more.layers[3]?.digest]);
  });

  it('packed bytes that nobody unpacked are, though their content is known', async () => {
    const { cache } = await newCache();
    await read(inLayout(image).source, { cache });
    const { source, registry } = await inRegistry(repacked);
    const bom = await read(source, { cache });
    expect(verificationsOf(bom)).toEqual(['content', 'content', 'content']);
    expect(fetched(registry, repacked)).toHaveLength(3);
    // Then both are known.
    for (const root of [image, repacked]) {
      expect(verificationsOf(await read(inLayout(root).source, { cache }))).toEqual([
        'cached',
        'cached',
        'cached',
      ]);
    }
  });

  it('a manifest that claims known packed bytes for other content is not believed', async () => {
    const { cache } = await newCache();
    const layers = [{ tar: writeTar([{ name: 'etc/motd', content: 'else' }]) }];
    const other = imageOf({ layers });
    await read(inLayout(image).source, { cache });
    await read(inLayout(other).source, { cache });
    // The layer of `other` under the diffID of the first layer of `image`, and the other way round.
    for (const [bytes, diffId] of [
      [other.layers[0], first.diffId],
      [first, other.layers[0]?.diffId ?? ''],
    ] as const) {
      if (!bytes) throw new Error('no layer');
      const forged = imageOf({
        layers: [{ tar: bytes.tar }],
        config: { rootfs: { type: 'layers', diff_ids: [diffId] } },
      });
      for (const source of [inLayout(forged).source, (await inRegistry(forged)).source]) {
        await expect(read(source, { cache })).rejects.toMatchObject({ code: 'E_DIGEST' });
      }
    }
  });

  it.each(['layout', 'docker archive'] as const)(
    'local bytes of a %s are hashed all the same',
    async (place) => {
      const { cache } = await newCache();
      await read(inLayout(image).source, { cache });
      await read(inArchive(image), { cache });
      if (place === 'docker archive') {
        const tar = Buffer.from(first.tar);
        tar[600] = (tar[600] ?? 0) ^ 1;
        const tampered = { ...image, layers: [{ ...first, tar }, ...image.layers.slice(1)] };
        await expect(read(inArchive(tampered), { cache })).rejects.toMatchObject({
          code: 'E_DIGEST',
          message: expect.stringContaining(first.diffId) as string,
        });
        return;
      }
      const { source, keep } = inLayout(image);
      const bytes = Buffer.from(second.bytes);
      bytes[300] = (bytes[300] ?? 0) ^ 1;
      for (const evil of [bytes, second.bytes.subarray(1), Buffer.concat([second.bytes, Buffer.alloc(1)])]) {
        keep(second.digest, evil);
        await expect(read(source, { cache })).rejects.toMatchObject({
          code: 'E_DIGEST',
          message: expect.stringMatching(new RegExp(`layer 2 of 3.*${second.digest}`)) as string,
        });
      }
      const bom = await read(source, { cache, allowIncomplete: true });
      expect(verificationsOf(bom)).toEqual(['cached', 'claimed', 'cached']);
      expect(bom.compositions?.[0]?.aggregate).toBe('incomplete');
    },
  );

  it('nothing is remembered of what was not believed', async () => {
    const { cache, directory } = await newCache();
    const { source, keep } = inLayout(image);
    keep(second.digest, Buffer.from(second.bytes).fill(7, 300, 310));
    await expect(read(source, { cache })).rejects.toMatchObject({ code: 'E_DIGEST' });
    await read(source, { cache, allowIncomplete: true });
    expect(readdirSync(directory).some((name) => name.startsWith(second.diffId.slice(7)))).toBe(false);
  });

  it('verification reads every byte', async () => {
    const { cache } = await newCache();
    const { source, registry } = await inRegistry(image);
    const signed = await signBom(await read(source, { cache }));
    registry.requests.length = 0;
    const check = () => verify({ bom: signed.bom, keys: [signed.key], at: [source] });
    expect((await check()).verdict.outcome).toBe('pass');
    expect(fetched(registry, image)).toHaveLength(3);
    const bytes = Buffer.from(first.bytes);
    bytes[50] = (bytes[50] ?? 0) ^ 1;
    registry.blobs.set(first.digest, bytes);
    expect((await check()).verdict.outcome).toBe('fail');
  });
});

it('without a cache nothing is remembered', async () => {
  const source = inLayout(image).source;
  await read(source);
  expect(verificationsOf(await read(source))).toEqual(['content', 'content', 'content']);
});
