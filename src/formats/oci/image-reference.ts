import { isIPv6 } from 'node:net';
import { formatDigest, type Digest } from '../../core/digest.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import { shortened } from '../../core/shortened.ts';
import { parseDigest } from './digest.ts';

/** Where an image is kept and under which name. Without a tag and a digest, `latest` is what tools take. */
export interface ImageReference {
  /** `host` or `host:port` as written; `docker.io` for Docker Hub, whatever it was called. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const hub = 'docker.io';
const hubHost = 'registry-1.docker.io';
const hubNames: readonly string[] = [hub, 'index.docker.io', hubHost, 'registry.hub.docker.com'];
const longestName = 255;

/**
 * `[oci://]host:port/path:tag@digest` in the grammar of the distribution reference (CNCF distribution, reference.go).
 * Names without a host are Docker Hub's: `python` is `docker.io/library/python`.
 * @throws MlbomError `E_USAGE`; `E_UNSUPPORTED` for digests other than SHA-256 and SHA-512
 */
export function parseImageReference(text: string): ImageReference {
  const bare = text.replace(/^(?:oci|docker):\/\//, '');
  if (bare.length > longestReference) throw wrong(bare, 'it is too long');
  const at = bare.indexOf('@');
  const named = at < 0 ? bare : bare.slice(0, at);
  const digest = at < 0 ? undefined : digestOf(bare.slice(at + 1), bare);
  const { name, tag } = withoutTag(named);
  if (tag !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag))
    throw wrong(bare, 'its tag is not one');
  const { host, path } = splitHost(name);
  const registry = host === undefined || hubNames.includes(host.toLowerCase()) ? hub : host;
  if (!isRegistry(registry)) throw wrong(bare, 'its host is not one');
  const repository = registry === hub && !path.includes('/') ? `library/${path}` : path;
  if (!isRepository(repository) || registry.length + 1 + repository.length > longestName) {
    throw wrong(bare, 'its repository is not one: lower-case letters, digits, and . _ - between them');
  }
  // A bare id of an image would otherwise be taken for a repository of Docker Hub.
  if (/^[0-9a-f]{64}$/.test(path)) throw wrong(bare, 'it is an id, not a name');
  return { registry, repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** `registry/repository:tag@digest` */
export function formatReference({ registry, repository, tag, digest }: ImageReference): string {
  const version = tag === undefined ? '' : `:${tag}`;
  return `${registry}/${repository}${version}${digest === undefined ? '' : `@${formatDigest(digest)}`}`;
}

/** The host, with its port, that answers for a registry: Docker Hub's is not the one in its name. */
export function registryHost(registry: string): string {
  return registry === hub ? hubHost : registry;
}

/** True when a name begins with a host, and does not go to Docker Hub because it has none. */
export function namesItsHost(text: string): boolean {
  return splitHost(text.split('@', 1)[0] ?? '').host !== undefined;
}

function digestOf(text: string, reference: string): Digest {
  try {
    return parseDigest(text);
  } catch (error) {
    if (isMlbomError(error) && error.code === 'E_UNSUPPORTED') throw error;
    throw wrong(reference, 'what follows the @ is no digest');
  }
}

/** A colon before the last slash belongs to a port. */
function withoutTag(text: string): { name: string; tag?: string } {
  const colon = text.lastIndexOf(':');
  if (colon < 0 || text.includes('/', colon) || text.includes(']', colon)) return { name: text };
  return { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** The first part is a host when it could be no part of a repository's name, or is this machine. */
function splitHost(name: string): { host?: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  return slash > 0 && isHost ? { host: first, path: name.slice(slash + 1) } : { path: name };
}

function isRegistry(registry: string): boolean {
  const [, address, name, port] = /^(?:\[([^\]]*)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(registry) ?? [];
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) return false;
  if (address !== undefined) return isIPv6(address) && !address.includes('%');
  const labels = name?.split('.') ?? [''];
  return labels.every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(label));
}

function isRepository(repository: string): boolean {
  return repository.split('/').every((part) => /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/.test(part));
}

/** Names end at 255, tags at 128, digests at 135 characters. */
const longestReference = 1024;

/** A reference with a password in it (`user:password@host/…`) is not repeated. */
function wrong(reference: string, why: string): MlbomError {
  const [shown = ''] = (reference.split('@').at(-1) ?? '').split(/[?#]/, 1);
  const subject = shortened(shown, 160);
  return new MlbomError('E_USAGE', `${subject || 'the reference'}: not an image reference: ${why}`, {
    subject,
    rule: 'image-reference',
    next: 'write HOST/REPOSITORY:TAG or HOST/REPOSITORY@sha256:…',
  });
}
