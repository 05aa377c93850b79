import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatDigest } from '../../../src/core/digest.ts';
import { MlbomError } from '../../../src/core/errors.ts';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import { parseImageReference } from '../../../src/formats/oci/image-reference.ts';
import { openRegistry } from '../../../src/stores/registry/open-registry.ts';
import type { RegistryClient } from '../../../src/stores/registry/registry-client.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { imageOf, indexOf } from '../../fixtures/image-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';
import { bytesOf, descriptorOf, repository, sceneOf } from './registries.ts';

/** A client of a server that answers as `listener` does. */
async function clientOf(listener: RequestListener): Promise<{ client: RegistryClient; host: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = openRegistry(parseImageReference(`${host}/a:v1`), {
    userAgent: 'mlbom-test',
    timeout: 500,
    pause: () => Promise.resolve(),
  });
  onTestFinished(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  return { client, host };
}

const errorOf = async (work: Promise<unknown>): Promise<MlbomError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MlbomError) return error;
  throw error instanceof Error ? error : new Error('it was read');
};

describe('a manifest', () => {
  it('is the root of the reference, known by its digest', async () => {
    const { client, image } = await sceneOf();
    const root = await client.root();
    expect(root).toEqual({
      kind: 'manifest',
      descriptor: descriptorOf(image.manifest.bytes, image.manifest.mediaType),
      neighbours: [],
    });
    expect(client).toMatchObject({ kind: 'registry', name: 'app', tags: ['v1'] });
    expect(client.uri).toMatch(/^oci:\/\/127\.0\.0\.1:\d+\/team\/app:v1$/);
  });

  it('can be opened by its descriptor as any blob', async () => {
    const { client, image } = await sceneOf();
    const blob = await client.open(descriptorOf(image.manifest.bytes, image.manifest.mediaType));
    expect(await bytesOf(blob.stream())).toEqual(Buffer.from(image.manifest.bytes));
  });

  it.each([
    ['differs from its digest', 'digest', { manifestFault: 'wrong' }, 'E_DIGEST manifest-digest'],
    ['differs from what the header says', 'v1', { digestHeader: 'wrong' }, 'E_DIGEST manifest-digest'],
    ['is cut', 'v1', { manifestFault: 'short' }, 'E_DIGEST manifest-digest'],
    ['breaks off', 'v1', { manifestFault: 'truncated' }, 'E_UNREACHABLE connection-lost'],
    ['never ends', 'v1', { manifestFault: 'endless' }, 'E_LIMIT registry-answer'],
    ['is not there', 'v2', {}, 'E_NOT_FOUND registry-not-found'],
  ] as const)('that %s is refused', async (_, name, fault, expected) => {
    const { client, image, registry } = await sceneOf();
    Object.assign(registry.options, fault);
    expect(await refusal(client.manifest(name === 'digest' ? image.manifest.digest : name))).toBe(expected);
  });

  it('that stops in the middle is given up', async () => {
    const { client } = await sceneOf({ manifestFault: 'stalled' }, { timeout: 100 });
    expect(await refusal(client.root())).toBe('E_UNREACHABLE timeout');
  });

  describe('by tag and digest', () => {
    const other = imageOf({ layers: [{ tar: writeTar([{ name: 'b', content: 'b' }]) }] });
    const arm = { os: 'linux', architecture: 'arm64' };
    const unknown = { os: 'unknown', architecture: 'unknown' };
    const beside = { 'vnd.docker.reference.type': 'attestation-manifest' };

    it('is read when the tag leads to it, or to an index that lists it', async () => {
      const digest = (await sceneOf()).image.manifest.digest;
      const { client, registry, image } = await sceneOf({}, { reference: `${repository}:v1@${digest}` });
      expect(await client.root()).toMatchObject({ kind: 'manifest' });
      for (const rest of [
        { ...other, platform: arm },
        { ...other, platform: unknown, annotations: beside },
      ]) {
        registry.seed(indexOf([rest, image]), repository, 'v1');
        expect(await client.root()).toMatchObject({ descriptor: { digest: parseDigest(digest) } });
      }
    });

    it('is refused when the index under the tag leads runtimes to another one', async () => {
      const { image } = await sceneOf();
      const { digest } = image.manifest;
      const { client, registry } = await sceneOf({}, { reference: `${repository}:v1@${digest}` });
      for (const roots of [
        [other, image],
        [{ ...other, annotations: beside }, image],
        [other, { ...image, platform: unknown, annotations: beside }],
        [
          { ...other, platform: arm },
          { ...image, annotations: beside },
        ],
        [other, { manifest: image.manifest, blobs: image.blobs }],
      ]) {
        registry.seed(indexOf(roots), repository, 'v1');
        expect(await refusal(client.root())).toBe('E_DIGEST tag-moved');
      }
    });

    it('is refused when the tag leads elsewhere, or nowhere', async () => {
      const digest = (await sceneOf()).image.manifest.digest;
      const { client, registry } = await sceneOf({}, { reference: `${repository}:v1@${digest}` });
      const moved = registry.seed(other, repository, 'v1');
      const error = await errorOf(client.root());
      expect(`${error.code} ${error.rule}`).toBe('E_DIGEST tag-moved');
      expect(error.message).toContain(moved);
      expect(error.subject).toBe(digest);
      registry.tags.delete(`${repository}:v1`);
      expect(await refusal(client.root())).toBe('E_NOT_FOUND registry-not-found');
    });
  });
});

describe('a blob', () => {
  it('comes in a stream, and in parts', async () => {
    const { client, image, layer } = await sceneOf();
    const blob = await client.open(layer);
    const bytes = Buffer.from(image.layers[0]?.bytes ?? []);
    expect(blob.size).toBe(bytes.length);
    expect(await bytesOf(blob.stream())).toEqual(bytes);
    expect(await blob.read?.({ offset: 200_000, length: 10 })).toEqual(bytes.subarray(200_000, 200_010));
    expect(await blob.read?.({ offset: 0, length: 0 })).toHaveLength(0);
    expect(await refusal(blob.read?.({ offset: bytes.length, length: 1 }) ?? Promise.resolve())).toBe(
      'E_MALFORMED past-the-end',
    );
  });

  it('whose reader stops early costs no more than it read', async () => {
    const { client, layer, registry } = await sceneOf({ blobFault: 'endless' });
    const blob = await client.open({ ...layer, size: 2 ** 40 / 32 });
    for await (const piece of blob.stream()) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    registry.options.blobFault = 'wrong';
    expect(await bytesOf((await client.open(layer)).stream())).toHaveLength(layer.size);
  });

  it.each([
    ['is shorter', { blobFault: 'short' }, 'E_DIGEST size'],
    ['is longer', { blobFault: 'longer' }, 'E_DIGEST size'],
    ['never ends', { blobFault: 'endless' }, 'E_DIGEST size'],
    ['breaks off again and again', { blobFault: 'truncated' }, 'E_UNREACHABLE connection-lost'],
    ['moves in a circle', { blobRedirect: 'loop' }, 'E_LIMIT redirects'],
  ] as const)('that %s is refused', async (_, options, expected) => {
    const { client, layer } = await sceneOf(options);
    expect(await refusal(bytesOf((await client.open(layer)).stream()))).toBe(expected);
  });

  it('that is not there is refused, and one that is too large is not asked for', async () => {
    const { client, layer, registry } = await sceneOf();
    registry.blobs.delete(formatDigest(layer.digest));
    const error = await errorOf(bytesOf((await client.open(layer)).stream()));
    expect(error.code).toBe('E_NOT_FOUND');
    expect(error.message).toContain(formatDigest(layer.digest));
    const requests = registry.requests.length;
    expect(await refusal(client.open({ ...layer, size: Number.MAX_SAFE_INTEGER }))).toBe('E_LIMIT blob-size');
    expect(registry.requests.length).toBe(requests);
  });

  it.each([false, true])('goes on where the connection broke (whole again: %s)', async (noRange) => {
    const { client, image, layer, registry, pauses } = await sceneOf({ blobFault: 'truncated', noRange });
    let asked = 0;
    registry.options.beforeRequest = () => {
      if (++asked === 3) delete registry.options.blobFault;
    };
    expect(await bytesOf((await client.open(layer)).stream())).toEqual(
      Buffer.from(image.layers[0]?.bytes ?? []),
    );
    expect(pauses).toEqual([500, 1000]);
    const ranges = registry.requests.map(({ headers }) => headers.range);
    expect(ranges[0]).toBeUndefined();
    expect(ranges[1]).toMatch(/^bytes=\d+-/);
  });

  it('is read from its start where a registry gives no parts, if that is near', async () => {
    const content = Buffer.alloc(3_000_000, 'abc');
    const { client, registry } = await sceneOf({ noRange: true });
    const descriptor = descriptorOf(content, 'application/octet-stream');
    registry.blobs.set(formatDigest(descriptor.digest), content);
    const blob = await client.open(descriptor);
    expect(await blob.read?.({ offset: 3, length: 6 })).toEqual(Buffer.from('abcabc'));
    expect(await refusal(blob.read?.({ offset: 2_000_000, length: 6 }) ?? Promise.resolve())).toBe(
      'E_UNSUPPORTED no-range',
    );
  });

  it('in another part than asked for is refused', async () => {
    const { client } = await clientOf((_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-3/100' });
      response.end('abcd');
    });
    const blob = await client.open({ ...descriptorOf(Buffer.from('x'), 'x/y'), size: 100 });
    expect(await refusal(blob.read?.({ offset: 50, length: 4 }) ?? Promise.resolve())).toBe(
      'E_MALFORMED wrong-range',
    );
  });

  it('that drips is given up', async () => {
    const { client, layer } = await sceneOf({ blobFault: 'slow' }, { timeout: 300 });
    expect(await refusal(bytesOf((await client.open(layer)).stream()))).toBe('E_UNREACHABLE too-slow');
  });

  it('ends when its reader is interrupted', async () => {
    const { client, layer } = await sceneOf({ blobFault: 'stalled' });
    const controller = new AbortController();
    const blob = await client.open(layer);
    const work = refusal(bytesOf(blob.stream(controller.signal)));
    setTimeout(() => {
      controller.abort();
    }, 50);
    expect(await work).toBe('E_ABORTED undefined');
  });
});

describe('a redirect', () => {
  it('is followed to another host without credentials', async () => {
    const auth = { kind: 'basic', user: 'u', password: 'the-password' } as const;
    const credentials = () =>
      Promise.resolve({ kind: 'password', username: 'u', password: 'the-password' } as const);
    const { client, layer, registry } = await sceneOf({ blobRedirect: 'other', auth }, { credentials });
    expect(await bytesOf((await client.open(layer)).stream())).toHaveLength(layer.size);
    expect(registry.requests.at(-1)?.headers.authorization).toMatch(/^Basic /);
    expect(registry.other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('keeps its signature out of messages', async () => {
    const { client, layer, registry } = await sceneOf({ blobRedirect: 'other' });
    const blob = await client.open(layer);
    registry.options.beforeRequest = ({ url }) => {
      if (url.includes('presigned')) registry.blobs.clear();
    };
    const error = await errorOf(bytesOf(blob.stream()));
    expect(error.code).toBe('E_NOT_FOUND');
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain('presigned');
  });

  it.each([
    ['to a metadata service', 'http://169.254.169.254/latest/meta-data', 'E_UNREACHABLE private-address'],
    ['to no web address', 'file:///etc/passwd', 'E_UNREACHABLE redirect'],
    ['with a password', 'http://a:b@127.0.0.1/', 'E_UNREACHABLE redirect'],
    ['to itself', '', 'E_UNREACHABLE redirect-loop'],
  ])('%s is refused', async (_, location, expected) => {
    const { client } = await clientOf((request, response) => {
      response.writeHead(307, { location: location || request.url });
      response.end();
    });
    expect(await refusal(client.root())).toBe(expected);
  });
});

describe('a registry', () => {
  it('that is busy is asked again when it says, and not for ever', async () => {
    const { client, pauses, registry } = await sceneOf({ tooManyRequests: 2, retryAfter: 7 });
    expect(await client.root()).toMatchObject({ kind: 'manifest' });
    expect(pauses).toEqual([7000, 7000]);
    registry.options.tooManyRequests = 100;
    expect(await refusal(client.root())).toBe('E_UNREACHABLE registry-busy');
    expect(pauses).toHaveLength(5);
    registry.options.retryAfter = 3600;
    expect(await refusal(client.root())).toBe('E_UNREACHABLE registry-busy');
    expect(pauses).toHaveLength(5);
  });

  it('is quoted without pages for people', async () => {
    const { client } = await sceneOf({ htmlError: 500 });
    const error = await errorOf(client.root());
    expect(error.message).toMatch(/answered 500 to GET of manifest v1$/);
  });

  it('is quoted on one line, briefly and without secrets', async () => {
    const { client } = await clientOf((_, response) => {
      const message = `\u001b[31mno\nBearer abc.def https://cdn.example.org/x?sig=abc ${'é'.repeat(500)}`;
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ errors: [{ code: 'ODD', message }] }));
    });
    const { message } = await errorOf(client.root());
    expect(message).toMatch(/manifest v1: ODD \[31mno Bearer … https:\/\/cdn\.example\.org\/x\?… é+…$/);
    expect(message.length).toBeLessThan(280);
  });

  it('that is not there is named with a next step', async () => {
    const { client, host } = await clientOf((request) => request.socket.destroy());
    expect(await errorOf(client.root())).toMatchObject({
      code: 'E_UNREACHABLE',
      rule: 'connection-lost',
      subject: host,
      next: 'try again; with --no-plain-http where it speaks TLS',
    });
    const gone = openRegistry(parseImageReference('127.0.0.1:1/a:v1'), { userAgent: 'mlbom-test' });
    onTestFinished(() => gone.close());
    expect(await refusal(gone.root())).toBe('E_UNREACHABLE connection-refused');
  });

  it('without TLS is not spoken to with it', async () => {
    const { registry } = await sceneOf();
    const secure = openRegistry(parseImageReference(`${registry.host}/a:v1`), {
      userAgent: 'mlbom-test',
      plainHttp: false,
    });
    onTestFinished(() => secure.close());
    expect(await refusal(secure.root())).toBe('E_UNREACHABLE no-tls');
    expect(registry.requests).toEqual([]);
  });
});
