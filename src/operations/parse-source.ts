import { MlbomError } from '../core/errors.ts';
import { splitPlace } from '../stores/oci/split-place.ts';

/** What a source says of itself, before anybody looks there. */
export type ParsedSource =
  /** A directory, a file, or an image: content decides, unless `dir:` says that it is none. */
  | { readonly kind: 'path'; readonly path: string; readonly isPlain: boolean }
  /** `place`: a path, and one of several images there, for `splitPlace`. */
  | { readonly kind: 'oci-layout' | 'oci-archive' | 'docker-archive'; readonly place: string }
  | { readonly kind: 'registry' | 'docker-daemon' | 'podman'; readonly reference: string };

const imageFiles = ['oci-layout', 'oci-archive', 'docker-archive'] as const;
const daemons = ['docker-daemon', 'podman'] as const;

/**
 * Takes a source as the user writes it apart: `PATH`, `dir:PATH`, `oci-layout:PATH[:NAME|@DIGEST]`, `oci-archive:…`,
 * `docker-archive:…`, `oci://HOST/REPOSITORY[:TAG][@DIGEST]`, `docker-daemon:IMAGE`, `podman:IMAGE`.
 * @throws MlbomError `E_USAGE` for an empty one, `E_UNSUPPORTED` for a scheme that is not read
 */
export function parseSource(source: string): ParsedSource {
  if (source === '')
    throw new MlbomError('E_USAGE', 'an empty source', { next: 'name a directory or a file' });
  if (source.startsWith('dir:')) return { kind: 'path', path: source.slice('dir:'.length), isPlain: true };
  if (source.startsWith('oci://')) return { kind: 'registry', reference: source };
  const archive = imageFiles.find((kind) => source.startsWith(`${kind}:`));
  if (archive) return { kind: archive, place: source.slice(archive.length + 1) };
  const daemon = daemons.find((kind) => source.startsWith(`${kind}:`));
  if (daemon) return { kind: daemon, reference: source.slice(daemon.length + 1) };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source)?.[1];
  if (scheme === undefined) return { kind: 'path', path: source, isPlain: false };
  throw new MlbomError('E_UNSUPPORTED', `${scheme}:// cannot be read by this version of mlbom`, {
    subject: withoutSecrets(source),
    next: 'copy it to a directory and name that',
  });
}

/** Where on this machine a source lies, if it does. */
export async function localPath(source: string): Promise<string | undefined> {
  const parsed = parseSource(source);
  if ('place' in parsed) return (await splitPlace(parsed.place)).path;
  return parsed.kind === 'path' ? parsed.path : undefined;
}

/** User names, passwords and query strings of URIs do not belong in messages. */
function withoutSecrets(uri: string): string {
  return uri.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/s, '');
}
