import { decodeBase64 } from '../../core/decode-base64.ts';
import { isHexOf, type Digest } from '../../core/digest.ts';
import { isMlbomError, MlbomError } from '../../core/errors.ts';
import { isObject, parseJsonObject, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { parseDigest } from '../../formats/oci/digest.ts';
import { formatReference, parseImageReference } from '../../formats/oci/image-reference.ts';
import { readBundle } from '../../signing/read-bundle.ts';
import type { AttachedDocument } from './attached.ts';

/** An image that a build is said to have used: a base, a stage, a frontend. */
export interface ImageMaterial {
  /** `docker.io/library/python:3.12`, with its host. */
  readonly reference: string;
  /** Of its manifest or index. */
  readonly digest: Digest;
  /** As BuildKit writes it: `linux/amd64`. */
  readonly platform?: string;
}

/**
 * The statement in a document, whoever signed it and whether or not: a claim, of any version of in-toto.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`; `E_UNSUPPORTED` for a document that has none
 */
export function attachedStatement({ kind }: Pick<AttachedDocument, 'kind'>, bytes: Uint8Array): JsonObject {
  if (kind === 'in-toto') return parseJsonObject(bytes, { subject: 'statement' });
  if (kind === 'sigstore-bundle') return parseJsonObject(readBundle(bytes).payload, { subject: 'statement' });
  if (kind === 'dsse') {
    const payload = textAt(parseJsonObject(bytes, { subject: 'envelope' }), 'payload') ?? '';
    return parseJsonObject(decodeBase64(payload, 'envelope.payload'), { subject: 'statement' });
  }
  throw new MlbomError('E_UNSUPPORTED', `a ${kind} document has no statement`, { subject: kind });
}

/** True when one of the statement's subjects has this digest. */
export function isAbout(statement: JsonObject, { algorithm, hex }: Digest): boolean {
  const subjects = valueAt(statement, 'subject');
  if (!Array.isArray(subjects)) return false;
  return subjects.slice(0, limits.subjects).some((one) => textAt(one, 'digest', algorithm) === hex);
}

/**
 * Images among the materials of SLSA provenance v0.1, v0.2 and v1 (slsa.dev/provenance), as BuildKit and others name
 * them: `pkg:docker/…` and `pkg:oci/…` with a digest. Empty for other statements.
 * @throws MlbomError `E_LIMIT`
 */
export function imageMaterials(statement: JsonObject): ImageMaterial[] {
  if (!(textAt(statement, 'predicateType') ?? '').startsWith('https://slsa.dev/provenance/')) return [];
  const list =
    valueAt(statement, 'predicate', 'buildDefinition', 'resolvedDependencies') ??
    valueAt(statement, 'predicate', 'materials');
  if (!Array.isArray(list)) return [];
  if (list.length > limits.provenanceMaterials) {
    throw new MlbomError('E_LIMIT', `provenance: ${list.length} materials`, { subject: 'provenance' });
  }
  const found = list.flatMap((item) => materialOf(item) ?? []);
  return [...new Map(found.map((one) => [`${one.digest.hex} ${one.reference}`, one])).values()];
}

function materialOf(item: unknown): ImageMaterial | undefined {
  const uri = textAt(item, 'uri');
  if (uri === undefined || uri.length > longestUri) return undefined;
  const [, type, path = '', query = ''] = /^pkg:(docker|oci)\/([^?#]+)(?:\?([^#]*))?/.exec(uri) ?? [];
  if (type === undefined) return undefined;
  const qualifiers = new URLSearchParams(query);
  const at = path.lastIndexOf('@');
  const [name, version] = [
    decoded(at < 0 ? path : path.slice(0, at)),
    at < 0 ? '' : decoded(path.slice(at + 1)),
  ];
  const digest = digestIn(item, qualifiers.get('digest') ?? version);
  const repository = type === 'oci' ? (qualifiers.get('repository_url') ?? name) : name;
  const tag = qualifiers.get('tag') ?? (version.includes(':') ? '' : version);
  const reference = referenceOf(repository, tag);
  if (!digest || reference === undefined) return undefined;
  const platform = qualifiers.get('platform');
  return { reference, digest, ...(platform !== null && platform.length <= 100 && { platform }) };
}

const longestUri = 2048;

/** Undefined where a purl is escaped wrongly. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function digestIn(item: unknown, inUri: string): Digest | undefined {
  const set = valueAt(item, 'digest');
  for (const algorithm of ['sha256', 'sha512'] as const) {
    const hex = isObject(set) ? textAt(set, algorithm)?.toLowerCase() : undefined;
    if (hex !== undefined && isHexOf(algorithm, hex)) return { algorithm, hex };
  }
  return attempt(() => parseDigest(inUri));
}

function referenceOf(repository: string, tag: string): string | undefined {
  return attempt(() =>
    formatReference(parseImageReference(tag === '' ? repository : `${repository}:${tag}`)),
  );
}

/** What does not follow its grammar names no image. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isMlbomError(error)) return undefined;
    throw error;
  }
}
