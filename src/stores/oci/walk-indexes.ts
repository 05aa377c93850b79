import { formatDigest } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageStore } from '../../core/image.ts';
import { limits } from '../../core/limits.ts';
import { isIndexType, isManifestType } from '../../formats/oci/media-types.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';
import { verifiedBytes } from './verified-bytes.ts';

/** A manifest that an index leads to. */
export interface FoundManifest {
  readonly descriptor: Descriptor;
  /** The indexes that lead to it, outermost first. */
  readonly indexes: readonly Descriptor[];
  /** Everything in the innermost of them. */
  readonly siblings: readonly Descriptor[];
}

interface Walk {
  readonly store: Pick<ImageStore, 'open'>;
  readonly signal: AbortSignal | undefined;
  readonly seen: Set<string>;
  readonly found: FoundManifest[];
  descriptors: number;
}

/**
 * All manifests below a descriptor, in their order, each index read and verified once: an index that leads to itself,
 * or that many lead to, costs nothing more. A manifest that is listed twice, for other platforms or under other
 * annotations, is found twice. The manifests are not opened.
 * @throws MlbomError `E_LIMIT` for indexes too deep or too large; `E_DIGEST`, `E_MALFORMED`, `E_NOT_FOUND`
 */
export async function walkIndexes(
  store: Pick<ImageStore, 'open'>,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<readonly FoundManifest[]> {
  if (isManifestType(descriptor.mediaType)) return [{ descriptor, indexes: [], siblings: [] }];
  if (!isIndexType(descriptor.mediaType)) throw notAnImage(descriptor);
  const walk: Walk = { store, signal, seen: new Set(), found: [], descriptors: 0 };
  await visit(walk, descriptor, []);
  return walk.found;
}

async function visit(walk: Walk, descriptor: Descriptor, above: readonly Descriptor[]): Promise<void> {
  const key = formatDigest(descriptor.digest);
  if (walk.seen.has(key)) return;
  walk.seen.add(key);
  if (above.length >= limits.imageIndexDepth) {
    throw tooMuch(
      descriptor,
      `indexes in indexes, deeper than ${limits.imageIndexDepth}`,
      'image-index-depth',
    );
  }
  const limit = limits.imageManifestBytes;
  const bytes = await verifiedBytes(walk.store, descriptor, limit, 'the index', walk.signal);
  const index = readManifest(bytes, descriptor.mediaType, `the index ${key}`);
  if (index.kind !== 'index') throw notAnImage(descriptor);
  walk.descriptors += index.descriptors.length;
  if (walk.descriptors > limits.imageDescriptors) {
    throw tooMuch(descriptor, `more than ${limits.imageDescriptors} manifests in all`, 'image-descriptors');
  }
  const indexes = [...above, descriptor];
  for (const one of index.descriptors) {
    if (isIndexType(one.mediaType)) {
      await visit(walk, one, indexes);
    } else if (isManifestType(one.mediaType)) {
      walk.found.push({ descriptor: one, indexes, siblings: index.descriptors });
    }
  }
}

function tooMuch({ digest }: Descriptor, what: string, rule: string): MlbomError {
  const subject = formatDigest(digest);
  return new MlbomError('E_LIMIT', `the index ${subject}: ${what}`, { subject, rule });
}

function notAnImage({ digest, mediaType }: Descriptor): MlbomError {
  const subject = formatDigest(digest);
  const type = mediaType.slice(0, 120);
  return new MlbomError('E_UNSUPPORTED', `${subject}: neither a manifest nor an index, but ${type}`, {
    subject,
    rule: 'oci-media-type',
  });
}
