import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../../src/core/errors.ts';
import { findCredentials, type Environment } from '../../../src/stores/registry/credentials.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const basic = (text: string): string => Buffer.from(text).toString('base64');
const password = (username: string): object => ({ kind: 'password', username, password: 'pw' });
const auths = (entries: Record<string, object>): string => JSON.stringify({ auths: entries });
const entry = (user: string): object => ({ auth: basic(`${user}:pw`) });

/** A home with these files, and helpers named `docker-credential-<name>` with these bodies. */
function homeOf(files: Record<string, string>, helpers: Record<string, string> = {}): Environment {
  const scripts = Object.entries(helpers).map(([name, body]) => [
    `bin/docker-credential-${name}`,
    `#!/bin/sh\n${body}\n`,
  ]);
  const home = temporaryDirectory({ ...files, ...(Object.fromEntries(scripts) as Record<string, string>) });
  for (const name of Object.keys(helpers)) chmodSync(join(home, 'bin', `docker-credential-${name}`), 0o755);
  return { HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin` };
}

const find = (
  env: Environment,
  registry = 'registry.example.org',
  repository = 'team/app',
): Promise<unknown> => findCredentials(registry, repository, env);

async function configError(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isMlbomError(error) && error.code === 'E_CONFIG') return `${error.message} ${JSON.stringify(error)}`;
  throw error instanceof Error ? error : new Error('found');
}

describe('credentials', () => {
  it('come from the first file that has some for the host', async () => {
    const env = homeOf({
      '.docker/config.json': auths({ 'other.example.org': entry('docker') }),
      'auth-file.json': auths({ 'registry.example.org': entry('auth-file') }),
      'run/containers/auth.json': auths({ 'registry.example.org': entry('runtime') }),
      '.config/containers/auth.json': auths({ 'registry.example.org': entry('home') }),
      'docker/config.json': auths({ 'registry.example.org': entry('docker-config') }),
    });
    const home = env['HOME'] ?? '';
    const XDG_RUNTIME_DIR = join(home, 'run');
    const REGISTRY_AUTH_FILE = join(home, 'auth-file.json');
    const DOCKER_CONFIG = join(home, 'docker');
    expect(await find(env)).toEqual(password('home'));
    expect(await find({ ...env, XDG_RUNTIME_DIR })).toEqual(password('runtime'));
    expect(await find({ ...env, XDG_RUNTIME_DIR, REGISTRY_AUTH_FILE })).toEqual(password('auth-file'));
    expect(await find({ ...env, REGISTRY_AUTH_FILE, DOCKER_CONFIG })).toEqual(password('docker-config'));
  });

  it('are those of the most precise key', async () => {
    const env = homeOf({
      '.docker/config.json': auths({
        'registry.example.org': entry('host'),
        'registry.example.org/team': entry('team'),
        'registry.example.org/team/app': entry('app'),
        'https://old.example.org/v1/': entry('old'),
      }),
    });
    expect(await find(env)).toEqual(password('app'));
    expect(await find(env, 'registry.example.org', 'team/other')).toEqual(password('team'));
    expect(await find(env, 'registry.example.org', 'teams/app')).toEqual(password('host'));
    expect(await find(env, 'old.example.org')).toEqual(password('old'));
    expect(await find(env, 'example.org')).toBeUndefined();
    expect(await find(env, 'registry.example.org:5000')).toBeUndefined();
  });

  it('of Docker Hub stand under its old key', async () => {
    const env = homeOf({ '.docker/config.json': auths({ 'https://index.docker.io/v1/': entry('hub') }) });
    expect(await find(env, 'docker.io', 'library/python')).toEqual(password('hub'));
  });

  it('are a password, an identity token or a registry token', async () => {
    const host = 'registry.example.org';
    const env = (value: object): Environment => homeOf({ '.docker/config.json': auths({ [host]: value }) });
    expect(await find(env({ username: 'u', password: 'pw' }))).toEqual(password('u'));
    expect(await find(env({ ...entry('u'), identitytoken: 'id' }))).toEqual({
      kind: 'identity-token',
      token: 'id',
    });
    expect(await find(env({ registrytoken: 'jwt' }))).toEqual({ kind: 'registry-token', token: 'jwt' });
    expect(await find(env({}))).toBeUndefined();
  });

  describe.skipIf(process.platform === 'win32')('of helpers', () => {
    const answer = (user: string): string =>
      `read server; printf '{"ServerURL":"%s","Username":"${user}","Secret":"pw"}' "$server"`;

    it('go before those of the store, and these before those in the file', async () => {
      const config = {
        credHelpers: { 'registry.example.org': 'own' },
        credsStore: 'store',
        auths: { 'registry.example.org': entry('file'), 'third.example.org': entry('file') },
      };
      const store = `read server; test "$server" = second.example.org || { echo credentials not found in native keychain; exit 1; }
        printf '{"Username":"<token>","Secret":"identity"}'`;
      const env = homeOf({ '.docker/config.json': JSON.stringify(config) }, { own: answer('own'), store });
      expect(await find(env)).toEqual(password('own'));
      expect(await find(env, 'second.example.org')).toEqual({ kind: 'identity-token', token: 'identity' });
      expect(await find(env, 'third.example.org')).toEqual(password('file'));
    });

    it.each([
      ['a name that leaves the directory', '../../bin/sh', {}],
      ['a name that a shell would run', 'x;touch pwned', {}],
      ['one that is not installed', 'missing', {}],
      ['one that fails', 'broken', { broken: 'echo the-secret >&2; echo the-secret; exit 3' }],
      ['one that answers something else', 'odd', { odd: 'echo "{the-secret"' }],
      ['one that answers without end', 'endless', { endless: 'while :; do echo the-secret; done' }],
    ])('refuse %s, without its answer', async (_, credsStore, helpers) => {
      const env = homeOf({ '.docker/config.json': JSON.stringify({ credsStore }) }, helpers);
      const message = await configError(find(env));
      expect(message).toContain('config.json');
      expect(message).not.toContain('the-secret');
    });
  });

  it.each([
    ['is no JSON', '{"auths": {"registry.example.org": {"auth": "the-secret"'],
    ['has a name twice', '{"the-secret": 1, "the-secret": 2}'],
    ['has an auth that is no base64', auths({ 'registry.example.org': { auth: 'the-secret' } })],
    ['is too large', JSON.stringify({ 'the-secret': 'a'.repeat(5_000_000) })],
  ])('are refused from a file that %s, without its content', async (_, content) => {
    const env = homeOf({ '.docker/config.json': content });
    const message = await configError(find(env));
    expect(message).toContain('config.json');
    expect(message).not.toContain('the-secret');
  });

  it.skipIf(process.platform === 'win32')('are refused from a file that everybody may write to', async () => {
    const env = homeOf({ '.docker/config.json': auths({ 'registry.example.org': entry('u') }) });
    chmodSync(join(env['HOME'] ?? '', '.docker/config.json'), 0o666);
    expect(await configError(find(env))).toContain('everybody may write');
  });
});
