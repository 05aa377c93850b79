import { describe, expect, it } from 'vitest';
import type { Credentials } from '../../../src/stores/registry/credentials.ts';
import type { FakeAuth, FakeRegistryOptions } from '../../fixtures/fake-registry.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { bytesOf, descriptorOf, repository, sceneOf, type Scene } from './registries.ts';

const user = { kind: 'password', username: 'u', password: 'the-password' } as const;
const identity = { kind: 'identity-token', token: 'the-identity' } as const;
const token: FakeAuth = { kind: 'token', user: 'u', password: 'the-password', identityToken: 'the-identity' };

/** A registry that asks, and a client with these credentials. */
function asked(auth: FakeAuth, credentials?: Credentials, more: FakeRegistryOptions = {}): Promise<Scene> {
  return sceneOf({ auth, ...more }, { credentials: () => Promise.resolve(credentials) });
}

const pushed = descriptorOf(Buffer.from('{}'), 'application/vnd.oci.empty.v1+json');

describe('a registry that asks for a password', () => {
  const auth: FakeAuth = { kind: 'basic', user: 'u', password: 'the-password' };

  it('gets it, once it has asked', async () => {
    const { client, registry, layer } = await asked(auth, user);
    await client.root();
    expect(await bytesOf((await client.open(layer)).stream())).toHaveLength(layer.size);
    expect(registry.requests.map(({ headers }) => headers.authorization !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it.each([
    ['no', undefined],
    ['a wrong', { ...user, password: 'wrong-password' }],
    ['an identity token as', identity],
  ] as const)('is not read with %s password', async (_, credentials) => {
    const { client, registry } = await asked(auth, credentials);
    const error: unknown = await client.root().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'E_UNREACHABLE', rule: 'registry-denied' });
    expect(error).toMatchObject({ next: expect.stringContaining(`docker login ${registry.host}`) as string });
    expect(JSON.stringify([error, String(error)])).not.toMatch(/wrong-password|the-identity/);
  });
});

describe('a registry that asks for a token', () => {
  it.each([
    ['a password', user, {}],
    ['an identity token', identity, {}],
    ['a password, in the other field', user, { field: 'access_token' }],
    ['nothing', undefined, { anonymousPull: true }],
  ] as const)('gets one for %s', async (_, credentials, more) => {
    const { client, registry, layer } = await asked({ ...token, ...more }, credentials);
    await client.root();
    await bytesOf((await client.open(layer)).stream());
    const tokens = registry.requests.filter(({ url }) => url.startsWith('/token'));
    expect(tokens).toHaveLength(1);
    expect(
      registry.requests.filter(({ headers }) => headers.authorization?.startsWith('Bearer ')),
    ).toHaveLength(2);
  });

  it('is asked for the right to read, and to write only for a push', async () => {
    const { client, registry } = await asked(token, user);
    await client.root();
    await client.putBlob(Buffer.from('{}'), pushed.digest);
    const scopes = registry.requests
      .filter(({ url }) => url.startsWith('/token'))
      .map(({ url }) => new URL(url, registry.url).searchParams.getAll('scope'));
    expect(scopes).toEqual([[`repository:${repository}:pull`], [`repository:${repository}:pull,push`]]);
  });

  it('gets a new one when the old has expired', async () => {
    const { client, registry } = await asked({ ...token, uses: 2 }, user);
    for (let times = 0; times < 5; times++) await client.root();
    expect(registry.requests.filter(({ url }) => url.startsWith('/token'))).toHaveLength(3);
  });

  it('is asked once for many requests at a time', async () => {
    const { client, registry } = await asked(token, user);
    await Promise.all(Array.from({ length: 8 }, () => client.root()));
    expect(registry.requests.filter(({ url }) => url.startsWith('/token'))).toHaveLength(1);
  });

  it.each([user, identity])('that is another host gets no credentials ($kind)', async (credentials) => {
    const { client, registry } = await asked({ ...token, realm: 'other' }, credentials);
    const error: unknown = await client.root().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'E_UNREACHABLE', rule: 'registry-denied' });
    expect(error).toMatchObject({ next: expect.stringContaining('credentials were not sent') as string });
    expect(registry.other.requests).toHaveLength(1);
    expect(registry.other.requests[0]?.headers.authorization).toBeUndefined();
    expect(registry.other.requests[0]?.method).toBe('GET');
  });

  it('that is another host may still give one that anybody gets', async () => {
    const { client } = await asked({ ...token, realm: 'other', anonymousPull: true }, user);
    expect(await client.root()).toMatchObject({ kind: 'manifest' });
    expect(await refusal(client.putBlob(Buffer.from('{}'), pushed.digest))).toBe(
      'E_UNREACHABLE registry-denied',
    );
  });

  it.each([
    ['in a private network', 'http://169.254.169.254/token', 'E_UNREACHABLE private-address'],
    ['that is none', 'javascript:alert(1)', 'E_UNREACHABLE auth-realm'],
  ])('%s is not asked', async (_, realm, expected) => {
    const { client } = await asked({ ...token, realm: new URL(realm) }, user);
    expect(await refusal(client.root())).toBe(expected);
  });

  it('that answers without a token is malformed', async () => {
    const { client, registry } = await asked({
      ...token,
      anonymousPull: true,
      realm: new URL('http://127.0.0.1/'),
    });
    registry.options.auth = { ...token, realm: new URL(`${registry.url}/v2/${repository}/manifests/v1?a`) };
    registry.options.beforeRequest = ({ url }) => {
      if (url.includes('?a')) delete registry.options.auth;
    };
    expect(await refusal(client.root())).toBe('E_MALFORMED token-answer');
  });
});
