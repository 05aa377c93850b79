import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseImageReference } from '../../../src/formats/oci/image-reference.ts';
import { guardedLookup } from '../../../src/stores/registry/guarded-lookup.ts';
import { openRegistry } from '../../../src/stores/registry/open-registry.ts';
import type { Reach } from '../../../src/stores/registry/reach.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { repository, sceneOf } from './registries.ts';

describe('a proxy of the environment', () => {
  it('is asked for hosts elsewhere, and not for this machine', async () => {
    const { registry, client } = await sceneOf();
    const tunnels: (string | undefined)[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      tunnels.push(request.url);
      const [host = '', port] = registry.host.split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('http_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const far = openRegistry(parseImageReference(`registry.invalid/${repository}:v1`), {
      userAgent: 'mlbom-test',
      plainHttp: true,
    });
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await far.close();
      proxy.close();
    });
    await client.root();
    expect(tunnels).toEqual([]);
    expect(await far.root()).toMatchObject({ kind: 'manifest' });
    expect(tunnels).toEqual(['registry.invalid:80']);
  });

  it('that is no URL is a wrong configuration, and is not quoted', async () => {
    vi.stubEnv('https_proxy', 'the-secret@@:::');
    const client = openRegistry(parseImageReference('registry.invalid/a:v1'), { userAgent: 'mlbom-test' });
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await client.close();
    });
    const error: unknown = await client.root().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'E_CONFIG' });
    expect(JSON.stringify([error, String(error)])).not.toContain('the-secret');
  });
});

describe('a name that a registry leads to', () => {
  /** What a connection to `localhost` would get. */
  const addressOf = (from: Reach, all: boolean): Promise<unknown> =>
    new Promise((resolve, reject) => {
      guardedLookup(() => Promise.resolve(from))('localhost', { all }, (error, address) => {
        if (error) reject(error);
        else resolve(address);
      });
    });

  it('is refused when its address lies nearer than the registry', async () => {
    await expect(addressOf('public', true)).rejects.toMatchObject({ code: 'MLBOM_FORBIDDEN_ADDRESS' });
    await expect(addressOf('private', false)).rejects.toMatchObject({ code: 'MLBOM_FORBIDDEN_ADDRESS' });
    expect(await addressOf('loopback', true)).toEqual(expect.arrayContaining([expect.anything()]));
    expect(await addressOf('loopback', false)).toMatch(/^(?:127\.|::1)/);
  });
});

describe('a registry on this machine', () => {
  it.each([
    ['plain HTTP', undefined, 'G'],
    ['TLS where that is asked for', false, '\x16'],
  ])('is spoken to by %s', async (_, plainHttp, first) => {
    let said = '';
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        said = bytes.toString('latin1', 0, 1);
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = openRegistry(parseImageReference(`127.0.0.1:${port}/a:v1`), {
      userAgent: 'mlbom-test',
      plainHttp,
      pause: () => Promise.resolve(),
    });
    onTestFinished(async () => {
      await client.close();
      server.close();
    });
    expect(await refusal(client.root())).toBe('E_UNREACHABLE connection-lost');
    expect(said).toBe(first);
  });
});

describe('a name that nobody knows', () => {
  it('is unreachable', async () => {
    const client = openRegistry(parseImageReference('registry.invalid/a:v1'), { userAgent: 'mlbom-test' });
    onTestFinished(() => client.close());
    expect(await refusal(client.root())).toMatch(/^E_UNREACHABLE /);
  });
});
