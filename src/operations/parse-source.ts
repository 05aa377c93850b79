import { MlbomError } from '../core/errors.ts';

/** What a source says of itself, before anybody looks there. */
export type ParsedSource =
  /** A directory, a file, or an image: content decides, unless `dir:` says that it is none. */
  | { readonly kind: 'path'; readonly path: string; readonly isPlain: boolean }
  /** `name`: one of several images at the place, a tag or a digest. */
  | {
      readonly kind: 'oci-layout' | 'oci-archive' | 'docker-archive';
      readonly path: string;
      readonly name?: string;
      /** The path and the name as one, for a path that has a colon. */
      readonly whole: string;
    }
  | { readonly kind: 'registry' | 'docker-daemon' | 'podman'; readonly reference: string };

const imageFiles = ['oci-layout', 'oci-archive', 'docker-archive'] as const;
const daemons = ['docker-daemon', 'podman'] as const;

/**
 * Takes a source as the user writes it apart: `PATH`, `dir:PATH`, `oci-layout:PATH[:TAG|@DIGEST]`, `oci-archive:…`,
 * `docker-archive:…`, `oci://HOST/REPOSITORY[:TAG][@DIGEST]`, `docker-daemon:IMAGE`, `podman:IMAGE`.
 * @throws MlbomError `E_USAGE` for an empty one, `E_UNSUPPORTED` for a scheme that is not read
 */
export function parseSource(source: string): ParsedSource {
  if (source === '')
    throw new MlbomError('E_USAGE', 'an empty source', { next: 'name a directory or a file' });
  if (source.startsWith('dir:')) return { kind: 'path', path: source.slice('dir:'.length), isPlain: true };
  if (source.startsWith('oci://')) return { kind: 'registry', reference: source };
  const archive = imageFiles.find((kind) => source.startsWith(`${kind}:`));
  if (archive) return imageFile(archive, source.slice(archive.length + 1));
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
export function localPath(source: string): string | undefined {
  const parsed = parseSource(source);
  return 'path' in parsed ? parsed.path : undefined;
}

function imageFile(kind: (typeof imageFiles)[number], whole: string): ParsedSource {
  const [, path = whole, digest, tag] =
    /^(.+?)(?:@(sha(?:256|512):[0-9a-f]{64,128})|:(\w[\w.-]{0,127}))?$/s.exec(whole) ?? [];
  const name = digest ?? tag;
  return { kind, path, ...(name === undefined ? {} : { name }), whole };
}

/** User names, passwords and query strings of URIs do not belong in messages. */
function withoutSecrets(uri: string): string {
  return uri.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/s, '');
}
