import { formatDigest, isSameDigest } from '../../core/digest.ts';
import type { Descriptor, ImageRoot } from '../../core/image.ts';
import { isIndexType, isManifestType } from '../../formats/oci/media-types.ts';
import { isCalled, knownAs, notOneImage, type NamedImage } from './image-names.ts';
import { isBeside } from './is-beside.ts';

/** Which image of a layout is meant. */
export interface ImageChoice {
  /** @throws MlbomError `E_USAGE` when there are several and none is named; `E_NOT_FOUND` */
  root(): ImageRoot;
  readonly tags: readonly string[];
  readonly repository?: string;
}

/** Annotations under which tools write an image's name: OCI's, containerd's. */
const nameKeys = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'];

/**
 * The image that `wanted` names, or the only one. A descriptor that stands there under several tags is one image;
 * signatures, attestations and artifacts about an image are none. Where platforms alone tell several apart, the layout
 * is one image for several platforms, and its own index leads to them.
 * @param own the descriptor of `index.json`
 * @param wanted a name, the tag in one, or a digest
 */
export function chooseImage(
  descriptors: readonly Descriptor[],
  own: Descriptor,
  wanted: string | undefined,
  place: string,
): ImageChoice {
  const all = descriptors.filter(({ mediaType }) => isManifestType(mediaType) || isIndexType(mediaType));
  const images =
    wanted === undefined ? imagesAmong(all) : all.filter((one) => isCalled(namedImage(one), wanted));
  const [first] = images;
  if (first === undefined || !images.every((one) => isSame(one, first))) {
    if (wanted === undefined && images.length > 0 && images.every(isKnownByPlatform)) {
      return {
        tags: [],
        root: () => ({ kind: 'manifest', descriptor: own, isOwnIndex: true, neighbours: [] }),
      };
    }
    const known = imagesAmong(all).map(namedImage);
    const error = notOneImage(images.map(namedImage), known, wanted, place);
    return {
      tags: [],
      root() {
        throw error;
      },
    };
  }
  const same = all.filter((one) => isSame(one, first));
  return {
    ...knownAs(same.flatMap((one) => namesOf(one))),
    root: () => ({
      kind: 'manifest',
      descriptor: first,
      neighbours: descriptors.filter((one) => !isSame(one, first)),
    }),
  };
}

/** Artifacts stand beside images that they are about; where there is no image, they are what is meant. */
function imagesAmong(descriptors: readonly Descriptor[]): readonly Descriptor[] {
  const own = descriptors.filter((one) => !isBeside(one));
  const named = own.filter((one) => one.artifactType === undefined || namesOf(one).length > 0);
  return named.length > 0 ? named : own;
}

function isKnownByPlatform(descriptor: Descriptor): boolean {
  return descriptor.platform !== undefined && namesOf(descriptor).length === 0;
}

function isSame(a: Descriptor, b: Descriptor): boolean {
  return isSameDigest(a.digest, b.digest);
}

function namedImage(descriptor: Descriptor): NamedImage {
  const { digest, platform } = descriptor;
  return { digest: formatDigest(digest), names: namesOf(descriptor), platform };
}

function namesOf({ annotations }: Descriptor): readonly string[] {
  return nameKeys.flatMap((key) => (Object.hasOwn(annotations, key) ? (annotations[key] ?? []) : []));
}
