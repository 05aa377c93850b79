import { formatDigest } from '../../core/digest.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import type { Descriptor, ImageRoot } from '../../core/image.ts';
import { namesItsHost, parseImageReference, type ImageReference } from '../../formats/oci/image-reference.ts';
import { isIndexType, isManifestType } from '../../formats/oci/media-types.ts';
import { formatPlatform } from '../../formats/oci/platform.ts';
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
 * signatures, attestations and artifacts about an image are none.
 * @param wanted a name, the tag in one, or a digest
 */
export function chooseImage(
  descriptors: readonly Descriptor[],
  wanted: string | undefined,
  place: string,
): ImageChoice {
  const all = descriptors.filter(({ mediaType }) => isManifestType(mediaType) || isIndexType(mediaType));
  const images = wanted === undefined ? imagesAmong(all) : all.filter((one) => isCalled(one, wanted));
  const [first] = images;
  const isOne = first !== undefined && images.every((one) => isSame(one, first));
  if (!isOne) {
    const error = images.length > 0 ? ambiguous(images, place) : absent(imagesAmong(all), wanted, place);
    return {
      tags: [],
      root() {
        throw error;
      },
    };
  }
  const same = all.filter((one) => isSame(one, first));
  const references = same.flatMap((one) => namesOf(one)).map((name) => referenceOf(name));
  const repository = references.find((reference) => reference.repository !== undefined)?.repository;
  return {
    tags: [...new Set(references.flatMap(({ tag }) => tag ?? []))],
    ...(repository !== undefined && { repository }),
    root: () => ({
      kind: 'manifest',
      descriptor: first,
      neighbours: descriptors.filter((one) => !isSame(one, first)),
    }),
  };
}

/** The tag and, where it has a host, the repository in the name that a layout or an archive gives an image. */
export function referenceOf(name: string): { readonly tag?: string; readonly repository?: string } {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name)) return { tag: name };
  const reference = parsed(name);
  if (reference === undefined) return {};
  const { registry, repository, tag } = reference;
  return {
    ...(tag !== undefined && { tag }),
    ...(namesItsHost(name) && { repository: `${registry}/${repository}` }),
  };
}

/** Artifacts stand beside images that they are about; where there is no image, they are what is meant. */
function imagesAmong(descriptors: readonly Descriptor[]): readonly Descriptor[] {
  const own = descriptors.filter((one) => !isBeside(one));
  const named = own.filter((one) => one.artifactType === undefined || namesOf(one).length > 0);
  return named.length > 0 ? named : own;
}

function isCalled(descriptor: Descriptor, wanted: string): boolean {
  const digest = formatDigest(descriptor.digest);
  if (wanted === digest || wanted === `@${digest}`) return true;
  const reference = parsed(wanted);
  return namesOf(descriptor).some((name) => {
    if (name === wanted || referenceOf(name).tag === wanted) return true;
    const other = parsed(name);
    return other?.tag !== undefined && isSameReference(other, reference);
  });
}

function isSameReference(a: ImageReference, b: ImageReference | undefined): boolean {
  return a.registry === b?.registry && a.repository === b.repository && a.tag === b.tag;
}

function isSame(a: Descriptor, b: Descriptor): boolean {
  return formatDigest(a.digest) === formatDigest(b.digest);
}

function namesOf({ annotations }: Descriptor): readonly string[] {
  return nameKeys.flatMap((key) => (Object.hasOwn(annotations, key) ? (annotations[key] ?? []) : []));
}

function parsed(name: string): ImageReference | undefined {
  try {
    return parseImageReference(name);
  } catch (error) {
    if (isMlbomError(error)) return undefined;
    throw error;
  }
}

function ambiguous(images: readonly Descriptor[], place: string): MlbomError {
  return new MlbomError('E_USAGE', `${place} has several images: ${listed(images)}`, {
    subject: place,
    rule: 'image-ambiguous',
    next: 'name one of them: PATH:NAME or PATH@DIGEST',
  });
}

function absent(images: readonly Descriptor[], wanted: string | undefined, place: string): MlbomError {
  const name = wanted === undefined ? '' : ` called ${wanted.slice(0, 160)}`;
  const others = images.length > 0 ? `; it has ${listed(images)}` : '';
  return new MlbomError('E_NOT_FOUND', `${place} has no image${name}${others}`, {
    subject: place,
    rule: 'image-not-found',
  });
}

function listed(images: readonly Descriptor[]): string {
  const names = images.map((image) => namesOf(image)[0]?.slice(0, 160));
  const texts = images.map((image, at) => {
    const name = names[at];
    const isOwn = name !== undefined && names.indexOf(name) === names.lastIndexOf(name);
    const platform = image.platform ? ` (${formatPlatform(image.platform).slice(0, 80)})` : '';
    return `${isOwn ? name : `@${formatDigest(image.digest)}`}${platform}`;
  });
  const unique = [...new Set(texts)];
  const more = unique.length > listedImages ? `, and ${unique.length - listedImages} more` : '';
  return `${unique.slice(0, listedImages).join(', ')}${more}`;
}

const listedImages = 20;
