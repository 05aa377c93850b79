import { type Digest, formatDigest, isSameDigest } from '../core/digest.ts';
import type { HistoryLine } from '../core/image.ts';
import { limits } from '../core/limits.ts';
import { contradiction, type Problem } from '../core/problem.ts';
import { parseDigest } from '../formats/oci/digest.ts';
import { formatReference, parseImageReference } from '../formats/oci/image-reference.ts';

/** What is known of an image that another one may be built on. */
export interface KnownBase {
  /** Names under which it is known, the best one first. */
  readonly names: readonly string[];
  /** Of its manifest. */
  readonly digest?: Digest;
  /** Of indexes that lead to it. */
  readonly indexes?: readonly Digest[];
  /** Of its unpacked layers, lowest first; verified. */
  readonly diffIds: readonly Digest[];
}

/** An image that a build is said to have used. */
export interface BaseMaterial {
  /** `docker.io/library/python:3.12`, with its host. */
  readonly reference: string;
  readonly digest: Digest;
}

export interface BaseImageInput {
  /** Of the manifest. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Of the configuration. */
  readonly labels: Readonly<Record<string, string>>;
  readonly history: readonly HistoryLine[];
  /** Of its unpacked layers, lowest first. */
  readonly diffIds: readonly Digest[];
  readonly known: readonly KnownBase[];
  /** What a provenance attestation says that the build took in (SLSA: `materials`, `resolvedDependencies`). */
  readonly materials: readonly BaseMaterial[];
}

/** One answer to the question what an image is built on. */
export interface BaseStatement {
  readonly name?: string;
  /** Of the manifest or the index of the base. */
  readonly digest?: Digest;
  /** How many of the lowest layers are the base's. */
  readonly layers?: number;
  /** `prefix`: its layers are the lowest ones of the image, which is verified; the others are claims. */
  readonly how: 'prefix' | 'annotation' | 'provenance' | 'heuristic';
  /** From 0 to 1. */
  readonly confidence: number;
}

/** Labels are handed down from the base, so that the name may be of the base's own base. */
const confidence = { prefix: 1, annotation: 0.5, label: 0.4, onlyMaterial: 0.5, material: 0.3, history: 0.2 };

/**
 * What the image is built on, the surest statement first: known images whose layers are its lowest ones, what its
 * annotations, labels and provenance say, and a guess by its history. An image that it names as its base and whose
 * layers it does not have is a contradiction, and no base.
 */
export function baseImageOf(input: BaseImageInput): {
  readonly statements: readonly BaseStatement[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const claims = claimsOf(input);
  const named = claims.flatMap((claim) => input.known.filter((base) => isMeant(base, claim)));
  const prefixes = input.known
    .filter((base) => isPrefix(base.diffIds, input.diffIds, named.includes(base)))
    // The largest one is the image's own base, the others are its base's.
    .toSorted((a, b) => b.diffIds.length - a.diffIds.length);
  const verified = prefixes.map((base): BaseStatement => {
    const claim = claims.find((each) => isMeant(base, each));
    const name = claim?.name ?? base.names[0];
    const digest = base.digest ?? claim?.digest;
    return {
      ...(name === undefined ? {} : { name }),
      ...(digest ? { digest } : {}),
      layers: base.diffIds.length,
      how: 'prefix',
      confidence: confidence.prefix,
    };
  });
  const open = claims.filter((claim) => {
    const meant = input.known.filter((base) => isMeant(base, claim));
    if (meant.some((base) => prefixes.includes(base))) return false;
    if (claim.how !== 'annotation' || claim.digest === undefined || meant.length === 0) return true;
    problems.push(differs(claim));
    return false;
  });
  const guessed = verified.length === 0 ? guess(input) : [];
  return { statements: distinct([...verified, ...open, ...guessed]), problems };
}

/** By digest where the claim has one: what a name stood for may have changed since. */
function isMeant({ names, digest, indexes = [] }: KnownBase, claim: BaseStatement): boolean {
  const { digest: claimed, name } = claim;
  if (claimed) return [...(digest ? [digest] : []), ...indexes].some((each) => isSameDigest(each, claimed));
  const reference = name === undefined ? undefined : referenceOf(name);
  return reference !== undefined && names.some((each) => referenceOf(each) === reference);
}

/** An image that is named as the base may have all the layers: one that adds nothing but settings has no others. */
function isPrefix(base: readonly Digest[], image: readonly Digest[], isNamed: boolean): boolean {
  if (base.length === 0 || base.length > image.length) return false;
  if (base.length === image.length && !isNamed) return false;
  return base.every((digest, index) => {
    const other = image[index];
    return other !== undefined && isSameDigest(digest, other);
  });
}

function differs({ name, digest }: BaseStatement): Problem {
  const id = digest ? formatDigest(digest) : '';
  return contradiction(
    'base-differs',
    '.',
    `names ${name === undefined ? id : `${name} (${id})`} as its base image, whose layers are not its lowest ones`,
  );
}

function claimsOf(input: BaseImageInput): BaseStatement[] {
  return distinct([
    ...annotated(input.annotations, confidence.annotation),
    ...annotated(input.labels, confidence.label),
    ...materialsOf(input.materials),
  ]);
}

/** `org.opencontainers.image.base.*` (OCI image-spec 1.1, annotations.md); buildah leaves an unknown digest empty. */
function annotated(values: Readonly<Record<string, string>>, sure: number): BaseStatement[] {
  const name = nameFrom(values['org.opencontainers.image.base.name']);
  const digest = digestFrom(values['org.opencontainers.image.base.digest']);
  if (name === undefined && digest === undefined) return [];
  return [
    {
      ...(name === undefined ? {} : { name }),
      ...(digest ? { digest } : {}),
      how: 'annotation',
      confidence: sure,
    },
  ];
}

function nameFrom(text: string | undefined): string | undefined {
  return text !== undefined && text !== 'scratch' && referenceOf(text) !== undefined ? text : undefined;
}

/** The one way to write a name of an image: `debian:12` is `docker.io/library/debian:12`. */
function referenceOf(name: string): string | undefined {
  try {
    const { registry, repository, tag = 'latest' } = parseImageReference(name);
    return formatReference({ registry, repository, tag });
  } catch {
    return undefined;
  }
}

function digestFrom(text: string | undefined): Digest | undefined {
  try {
    return text === undefined || text === '' ? undefined : parseDigest(text);
  } catch {
    return undefined;
  }
}

/** Images that helped to build and that no file comes from: the readers of Dockerfiles, the scanners. */
const helpers =
  /^docker\.io\/docker\/(?:dockerfile|dockerfile-upstream|buildkit-[^/:@]*|scout-[^/:@]*)(?:[:@]|$)/;

/** BuildKit names every image that a build used, `pkg:docker/NAME@TAG?platform=…`, and does not say which was what for. */
function materialsOf(materials: BaseImageInput['materials']): BaseStatement[] {
  const images = materials
    .slice(0, limits.imageDescriptors)
    .filter(({ reference }) => !helpers.test(reference))
    .map(({ reference, digest }): BaseStatement => ({
      name: reference,
      digest,
      how: 'provenance',
      confidence: confidence.material,
    }));
  const [only, ...others] = distinct(images);
  return only && others.length === 0 ? [{ ...only, confidence: confidence.onlyMaterial }] : images;
}

/**
 * The last CMD before the last command that changed files: images end with one, and those made from them begin after
 * it. Says only how many layers that would be.
 */
function guess({ history, diffIds }: BaseImageInput): BaseStatement[] {
  const layers = history.filter(({ emptyLayer }) => !emptyLayer).length;
  if (layers !== diffIds.length) return [];
  const last = history.findLastIndex(({ emptyLayer }) => !emptyLayer);
  const end = history.findLastIndex(
    ({ createdBy = '', emptyLayer }, index) => index < last && emptyLayer && command.test(createdBy),
  );
  if (end < 0) return [];
  const below = history.slice(0, end).filter(({ emptyLayer }) => !emptyLayer).length;
  return below === 0 ? [] : [{ layers: below, how: 'heuristic', confidence: confidence.history }];
}

const command = /^(?:\/bin\/sh -c #\(nop\) {1,2})?CMD /;

/** Each base once, by the statement that comes first. */
function distinct(statements: readonly BaseStatement[]): BaseStatement[] {
  const byBase = new Map<string, BaseStatement>();
  for (const statement of statements) {
    const { name = '', digest, layers = '' } = statement;
    const key = digest ? formatDigest(digest) : `${name} ${layers}`;
    if (!byBase.has(key)) byBase.set(key, statement);
  }
  return [...byBase.values()];
}
