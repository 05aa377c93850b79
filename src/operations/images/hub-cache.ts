import type { Promised } from '../../core/entry.ts';
import { pathInLayer } from './path-in-layer.ts';

/**
 * A cache of the Hugging Face Hub in a layer (huggingface.co/docs/hub/local-cache): files lie in `blobs` under a digest,
 * and `snapshots/<commit>` has links to them, which carry their names.
 */
const blob = /(?:^|\/)(?:models|datasets|spaces)--[^/]+\/blobs\/(?:([0-9a-f]{64})|([0-9a-f]{40}))$/;
const snapshot = /^((?:.*\/)?(?:models|datasets|spaces)--[^/]+)\/snapshots\/[0-9a-f]{40}\/./;

/** What the name of such a blob promises; undefined for any other file. */
export function hubBlob(path: string): Promised | undefined {
  const found = path.endsWith('/') ? null : blob.exec(path);
  const [, sha256, sha1] = found ?? [];
  if (sha256 !== undefined) return { algorithm: 'sha256', hex: sha256, by: 'blob name' };
  return sha1 === undefined ? undefined : { algorithm: 'git-blob-sha1', hex: sha1, by: 'blob name' };
}

/** The blob that a link of a snapshot leads to; undefined for any other link. */
export function hubBlobOf(path: string, link: string): string | undefined {
  const repository = snapshot.exec(path)?.[1];
  if (repository === undefined || link.startsWith('/')) return undefined;
  const target = pathInLayer(link, path.slice(0, path.lastIndexOf('/')));
  const isBlob = target?.startsWith(`${repository}/blobs/`) && hubBlob(target) !== undefined;
  return isBlob ? target : undefined;
}
