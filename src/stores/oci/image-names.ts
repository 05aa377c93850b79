import { isMlbomError, MlbomError } from '../../core/errors.ts';
import type { Platform } from '../../core/image.ts';
import { namesItsHost, parseImageReference, type ImageReference } from '../../formats/oci/image-reference.ts';
import { formatPlatform } from '../../formats/oci/platform.ts';
import { listed } from './listed.ts';

/** What an image among several at a place goes by. */
export interface NamedImage {
  /** `sha256:…` of its manifest; its id where it has none. */
  readonly digest: string | undefined;
  /** As the place writes them: tags, or whole references. */
  readonly names: readonly string[];
  readonly platform?: Platform | undefined;
}

/** True for a name, the tag in one, or the digest of an image; `app:v1` and `docker.io/library/app:v1` are one. */
export function isCalled({ digest, names }: NamedImage, wanted: string): boolean {
  if (digest !== undefined && [digest, `@${digest}`, digest.split(':')[1]].includes(wanted)) return true;
  const reference = parsed(wanted);
  return names.some((name) => {
    if (name === wanted || referenceOf(name).tag === wanted) return true;
    const other = parsed(name);
    return other?.tag !== undefined && isSameReference(other, reference);
  });
}

/** The tags in names and, where one has a host, the repository. */
export function knownAs(names: readonly string[]): {
  readonly tags: readonly string[];
  readonly repository?: string;
} {
  const references = names.map((name) => referenceOf(name));
  const repository = references.find((reference) => reference.repository !== undefined)?.repository;
  return {
    tags: [...new Set(references.flatMap(({ tag }) => tag ?? []))],
    ...(repository !== undefined && { repository }),
  };
}

/** `E_USAGE` where several images fit, `E_NOT_FOUND` where none does, each with what there is. */
export function notOneImage(
  fitting: readonly NamedImage[],
  all: readonly NamedImage[],
  wanted: string | undefined,
  place: string,
): MlbomError {
  if (fitting.length > 0) {
    return new MlbomError('E_USAGE', `${place} has several images: ${listed(labelsOf(fitting))}`, {
      subject: place,
      rule: 'image-ambiguous',
      next: 'name one of them: PATH:NAME or PATH@DIGEST',
    });
  }
  const name = wanted === undefined ? '' : ` called ${wanted.slice(0, 160)}`;
  const others = all.length > 0 ? `; it has ${listed(labelsOf(all))}` : '';
  return new MlbomError('E_NOT_FOUND', `${place} has no image${name}${others}`, {
    subject: place,
    rule: 'image-not-found',
  });
}

/** A name that two have tells nobody which is which. */
function labelsOf(images: readonly NamedImage[]): readonly string[] {
  const firsts = images.map(({ names }) => names[0]);
  const labels = images.map(({ digest = '?', platform }, at) => {
    const name = firsts[at];
    const isOwn = name !== undefined && firsts.indexOf(name) === firsts.lastIndexOf(name);
    const label = isOwn ? name.slice(0, 160) : `@${digest}`;
    return platform ? `${label} (${formatPlatform(platform).slice(0, 80)})` : label;
  });
  return [...new Set(labels)];
}

function referenceOf(name: string): { readonly tag?: string; readonly repository?: string } {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name)) return { tag: name };
  const reference = parsed(name);
  if (reference === undefined) return {};
  const { registry, repository, tag } = reference;
  return {
    ...(tag !== undefined && { tag }),
    ...(namesItsHost(name) && { repository: `${registry}/${repository}` }),
  };
}

function isSameReference(a: ImageReference, b: ImageReference | undefined): boolean {
  return a.registry === b?.registry && a.repository === b.repository && a.tag === b.tag;
}

function parsed(name: string): ImageReference | undefined {
  try {
    return parseImageReference(name);
  } catch (error) {
    if (isMlbomError(error)) return undefined;
    throw error;
  }
}
