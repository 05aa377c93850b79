import { MlbomError } from '../core/errors.ts';
import type { ImageStore } from '../core/image.ts';
import type { Store } from '../core/store.ts';
import { parseImageReference } from '../formats/oci/image-reference.ts';
import { openArchive } from '../stores/oci/open-archive.ts';
import { openDaemon } from '../stores/oci/open-daemon.ts';
import { openLayout } from '../stores/oci/open-layout.ts';
import { recogniseImage } from '../stores/oci/recognise-image.ts';
import { splitPlace } from '../stores/oci/split-place.ts';
import { openDirectory } from '../stores/directory.ts';
import { findCredentials } from '../stores/registry/credentials.ts';
import { openRegistry } from '../stores/registry/open-registry.ts';
import type { RegistryClient } from '../stores/registry/registry-client.ts';
import { parseSource, type ParsedSource } from './parse-source.ts';
import { version } from './version.ts';

/** A place as the user named it: files, or an image. */
export type Place =
  { readonly kind: 'files'; readonly store: Store } | { readonly kind: 'image'; readonly store: ImageStore };

export interface PlaceOptions {
  /** Talk to registries without TLS. */
  readonly plainHttp?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens what the user points at; a path by its content. Whoever opened an image closes it.
 * @throws MlbomError `E_UNSUPPORTED` for a scheme that is not read, `E_NOT_FOUND`, `E_UNREADABLE`, `E_UNREACHABLE`
 */
export async function openPlace(source: string, options: PlaceOptions = {}): Promise<Place> {
  const parsed = parseSource(source);
  if (parsed.kind !== 'path') return { kind: 'image', store: await openParsed(parsed, options) };
  const kind = parsed.isPlain ? undefined : await recogniseImage(parsed.path);
  if (kind === undefined) return { kind: 'files', store: await openDirectory(parsed.path) };
  const image = { kind, place: parsed.path } as const;
  return { kind: 'image', store: await openParsed(image, options) };
}

/**
 * Opens what has to be an image.
 * @throws MlbomError as `openPlace`; `E_USAGE` for a place of files
 */
export async function openImage(source: string, options: PlaceOptions = {}): Promise<ImageStore> {
  const place = await openPlace(source, options);
  if (place.kind === 'image') return place.store;
  throw new MlbomError('E_USAGE', `${source}: not an image`, {
    subject: source,
    next: 'name an image: oci-layout:PATH[:NAME], oci-archive:PATH[:NAME], docker-archive:PATH[:NAME], oci://HOST/REPOSITORY:TAG',
  });
}

/**
 * A repository of a registry, with the credentials that docker and podman keep for it.
 * @throws MlbomError `E_USAGE` for what is no reference
 */
export function openRepository(reference: string, { plainHttp, signal }: PlaceOptions): RegistryClient {
  return openRegistry(parseImageReference(reference), {
    credentials: (registry, repository) => findCredentials(registry, repository, process.env),
    userAgent: `mlbom/${version}`,
    plainHttp,
    signal,
  });
}

async function openParsed(
  parsed: Exclude<ParsedSource, { kind: 'path' }>,
  { plainHttp, signal }: PlaceOptions,
): Promise<ImageStore> {
  switch (parsed.kind) {
    case 'registry':
      return openRepository(parsed.reference, { plainHttp, signal });
    case 'docker-daemon':
      return openDaemon('docker', parsed.reference, { signal });
    case 'podman':
      return openDaemon('podman', parsed.reference, { signal });
    default: {
      const { path, name } = await splitPlace(parsed.place);
      if (parsed.kind === 'oci-layout') return openLayout(path, { name, signal });
      return openArchive(path, { name, signal });
    }
  }
}
