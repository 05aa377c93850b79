import type { FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isMlbomError, MlbomError, unreadable } from '../../core/errors.ts';
import { isObject, parseJsonObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { openRegularFile } from '../file-entry.ts';
import { askCredentialHelper } from './credential-helper.ts';

/** What proves who we are. None of it may reach a message. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** OAuth2's refresh token: the token service gives an access token for it. */
  | { readonly kind: 'identity-token'; readonly token: string }
  /** Sent to the registry as it is. */
  | { readonly kind: 'registry-token'; readonly token: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Credentials for a repository, as docker, podman, buildah and skopeo keep them: the first that is found in
 * `$DOCKER_CONFIG/config.json` (`~/.docker`), `$REGISTRY_AUTH_FILE`, `$XDG_RUNTIME_DIR/containers/auth.json`,
 * `~/.config/containers/auth.json`. In each file: `credHelpers` of the host, then `credsStore`, then `auths`, whose most
 * precise key wins: repository, its parents, host.
 * A user name and a password in variables of their own are not read: without a host they would go to every registry.
 * @param registry `registry.example.org:5000`; `docker.io` for Docker Hub
 * @throws MlbomError `E_CONFIG` naming the file or the helper, without any content
 */
export async function findCredentials(
  registry: string,
  repository: string,
  env: Environment,
): Promise<Credentials | undefined> {
  for (const file of credentialFiles(env)) {
    const document = await readCredentialFile(file);
    const found = document && (await credentialsIn(document, file, registry, repository, env));
    if (found) return found;
  }
  return undefined;
}

function credentialFiles(env: Environment): string[] {
  const home = env['HOME'] || homedir();
  const runtime = env['XDG_RUNTIME_DIR'];
  return [
    join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'config.json'),
    ...(env['REGISTRY_AUTH_FILE'] ? [env['REGISTRY_AUTH_FILE']] : []),
    ...(runtime ? [join(runtime, 'containers', 'auth.json')] : []),
    join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'containers', 'auth.json'),
  ];
}

/** Undefined when there is no such file. */
async function readCredentialFile(file: string): Promise<JsonObject | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await openRegularFile(file, file);
    const { mode, size } = await handle.stat();
    // Whoever can write to it chooses which of our programs is asked for passwords.
    if (process.platform !== 'win32' && (mode & 0o002) !== 0) {
      throw wrong(file, 'everybody may write to it', `chmod 600 ${file}`);
    }
    if (size > limits.configBytes) throw wrong(file, `more than ${limits.configBytes} bytes`, 'repair it');
    return parseJsonObject(await handle.readFile(), { subject: file });
  } catch (error) {
    const { code } = unreadable(error, file);
    if (code === 'E_NOT_FOUND') return undefined;
    if (isMlbomError(error) && error.code === 'E_CONFIG') throw error;
    // The parser's message would quote the file.
    const why = code === 'E_UNREADABLE' ? 'it cannot be read' : 'not the JSON of credentials';
    throw wrong(file, why, 'repair it, or log in again');
  } finally {
    await handle?.close();
  }
}

async function credentialsIn(
  document: JsonObject,
  file: string,
  registry: string,
  repository: string,
  env: Environment,
): Promise<Credentials | undefined> {
  const server = isHub(registry) ? hubKey : registry;
  const helper =
    hostKeys(registry)
      .map((key) => textAt(document, 'credHelpers', key))
      .find((name) => name !== undefined) ?? textAt(document, 'credsStore');
  const told = helper === undefined ? undefined : await askCredentialHelper(helper, server, file, env);
  return told ?? credentialsOf(entryOf(document, registry, repository), file);
}

const hubKey = 'https://index.docker.io/v1/';

function isHub(registry: string): boolean {
  return registry === 'docker.io' || registry.endsWith('.docker.io');
}

function hostKeys(registry: string): string[] {
  return isHub(registry)
    ? [hubKey, 'docker.io', 'index.docker.io', 'registry-1.docker.io']
    : [registry, registry.toLowerCase()];
}

/** Keys of older tools are URLs: `https://registry.example.org/v1/`. */
function entryOf(document: JsonObject, registry: string, repository: string): JsonObject | undefined {
  const auths = valueAt(document, 'auths');
  if (!isObject(auths)) return undefined;
  const parts = repository.split('/');
  const paths = hostKeys(registry).flatMap((host) =>
    parts.map((_, index) => `${host}/${parts.slice(0, parts.length - index).join('/')}`),
  );
  const byHost = Object.keys(auths).find((key) => hostKeys(registry).includes(hostOf(key)));
  const keys = [...paths, ...hostKeys(registry), ...(byHost === undefined ? [] : [byHost])];
  const found = keys.map((key) => valueAt(auths, key)).find((entry) => isObject(entry) && !isEmpty(entry));
  return isObject(found) ? found : undefined;
}

/** The host of a key that is a URL; other keys have none here. */
function hostOf(key: string): string {
  return /^https?:\/\/([^/]+)(?:\/v[12])?\/?$/.exec(key)?.[1]?.toLowerCase() ?? '';
}

/** What docker leaves in the file when a helper keeps the password. */
function isEmpty(entry: JsonObject): boolean {
  return Object.values(entry).every((value) => value === '' || value === null);
}

function credentialsOf(entry: JsonObject | undefined, file: string): Credentials | undefined {
  if (!entry) return undefined;
  const identity = textAt(entry, 'identitytoken');
  if (identity !== undefined) return { kind: 'identity-token', token: identity };
  const bearer = textAt(entry, 'registrytoken');
  if (bearer !== undefined) return { kind: 'registry-token', token: bearer };
  const auth = textAt(entry, 'auth');
  if (auth !== undefined) return decodeAuth(auth, file);
  const [username, password] = [textAt(entry, 'username'), textAt(entry, 'password')];
  if (username === undefined || password === undefined) return undefined;
  return { kind: 'password', username, password };
}

/** `auth` is base64 of `user:password`; docker pads it with NUL. */
function decodeAuth(auth: string, file: string): Credentials {
  const bytes = Buffer.from(auth, 'base64');
  const text = bytes.toString('utf8').replace(/\0+$/, '');
  const colon = text.indexOf(':');
  if (colon < 1 || !/^[A-Za-z0-9+/]+=*$/.test(auth)) {
    throw wrong(file, 'an auth in it is not base64 of user:password', 'log in again');
  }
  return { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function wrong(file: string, why: string, next: string): MlbomError {
  return new MlbomError('E_CONFIG', `${file}: ${why}`, { subject: file, rule: 'credential-file', next });
}
