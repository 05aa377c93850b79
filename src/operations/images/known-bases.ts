import { formatDigest } from '../../core/digest.ts';
import { isMlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageStore, Platform, ResolvedImage } from '../../core/image.ts';
import type { KnownBase } from '../../inventory/base-image.ts';
import { resolveImage } from '../../stores/oci/resolve-image.ts';

/** Neighbours that are looked at: two small documents each. */
const mostNeighbours = 64;

/**
 * The images that the user named as bases, and those that lie beside this one on this machine. Nothing is fetched that
 * the image itself names.
 * @throws MlbomError of a named base; a neighbour that cannot be read is none
 */
export async function knownBases(
  image: ResolvedImage,
  named: readonly ImageStore[],
  signal: AbortSignal | undefined,
): Promise<KnownBase[]> {
  const wanted = image.image?.platform;
  const bases: KnownBase[] = [];
  for (const store of named) {
    const base = await resolveImage(store, { platform: wanted, signal });
    const name = store.repository ?? store.name;
    bases.push(knownBase(base, [...store.tags.map((tag) => `${name}:${tag}`), name]));
  }
  if (image.store.kind === 'registry') return bases;
  const own = image.manifest?.descriptor.digest.hex;
  const neighbours = image.neighbours.filter(({ digest }) => digest.hex !== own).slice(0, mostNeighbours);
  for (const neighbour of neighbours) {
    const base = await neighbourOf(image.store, neighbour, wanted, signal);
    if (base) bases.push(knownBase(base, nameOf(neighbour, image.store)));
  }
  return bases;
}

function knownBase({ manifest, image, indexes }: ResolvedImage, names: readonly string[]): KnownBase {
  return {
    names,
    indexes: indexes.map(({ digest }) => digest),
    ...(manifest ? { digest: manifest.descriptor.digest } : {}),
    diffIds: image?.diffIds ?? [],
  };
}

async function neighbourOf(
  store: ImageStore,
  descriptor: Descriptor,
  platform: Platform | undefined,
  signal: AbortSignal | undefined,
): Promise<ResolvedImage | undefined> {
  const root = { kind: 'manifest', descriptor, neighbours: [] } as const;
  try {
    return await resolveImage({ ...store, root: () => Promise.resolve(root) }, { platform, signal });
  } catch (error) {
    if (isMlbomError(error) && error.code !== 'E_ABORTED') return undefined;
    throw error;
  }
}

/** A layout often has tags alone: what they belong to is then the layout's own name. */
function nameOf({ annotations, digest }: Descriptor, { repository, name }: ImageStore): string[] {
  const given = annotations['io.containerd.image.name'] ?? annotations['org.opencontainers.image.ref.name'];
  if (given === undefined) return [formatDigest(digest)];
  return [/[/:]/.test(given) ? given : `${repository ?? name}:${given}`];
}
