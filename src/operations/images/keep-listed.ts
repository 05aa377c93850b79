import { canonicalBytes, canonicalJson } from '../../core/canonical-json.ts';
import { MlbomError } from '../../core/errors.ts';
import { formatDigest } from '../../core/digest.ts';
import type { Descriptor } from '../../core/image.ts';
import { parseJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { textAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { pause } from '../../core/pause.ts';
import { ociIndexType } from '../../formats/oci/media-types.ts';
import { readManifest } from '../../formats/oci/read-manifest.ts';

/** An index that several writers change, each by reading all of it and writing all of it. */
export interface SharedIndex {
  /** What it is, for messages: `registry.example.org/team/app:sha256-…`. */
  readonly name: string;
  /** Its bytes, and what its place calls this version of it; undefined while there is none. */
  read(signal?: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly version?: string } | undefined>;
  /** False when the place saw that it is no longer the version that was read. Many places do not look. */
  write(bytes: Uint8Array, version: string | undefined, signal?: AbortSignal): Promise<boolean>;
}

export interface KeepListedOptions {
  /** Milliseconds; `limits.referrerSettle` when absent. */
  readonly settle?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sees to it that an index lists these manifests, whoever else writes it at the same time. What stands in it stays as
 * it is, members that nobody knows included; a manifest is listed once.
 *
 * Where the place compares versions nothing is ever lost. Where it does not, the last writer wins: so the index is read
 * again after a while and written again until it holds, together with all that was seen in it meanwhile. What can
 * still be lost is what was written while another writer took longer than that while between its reading and its
 * writing; the while grows with the time that this place takes. Doing it once more puts it back.
 * @returns false when all was listed already
 * @throws MlbomError `E_UNSUPPORTED` where something else has the index's name, `E_LIMIT`, `E_UNWRITABLE` when others
 *   keep overwriting it
 */
export async function keepListed(
  index: SharedIndex,
  descriptors: readonly Descriptor[],
  options: KeepListedOptions = {},
): Promise<boolean> {
  const { signal, settle = limits.referrerSettle } = options;
  const own = descriptors.map(entryOf);
  const seen = new Map<string, JsonValue>();
  let written = false;
  for (let attempt = 0; attempt < limits.referrerAttempts; attempt++) {
    const started = performance.now();
    const found = await index.read(signal);
    const document = found ? documentOf(found.bytes, index.name) : emptyIndex();
    const listed = listedIn(document);
    const kept = listed.filter((entry) => !isReplaced(entry, own));
    for (const entry of kept) seen.set(canonicalJson(entry), entry);
    const lost = lostFrom(kept, [...seen.values(), ...own]);
    if (lost.length === 0 && kept.length === listed.length) return written;
    const wanted = [...kept, ...lost];
    const accepted = await index.write(bytesOf(document, wanted, index.name), found?.version, signal);
    written ||= accepted;
    const taken = performance.now() - started;
    // Writers that met once must not meet again at the same pace.
    const rest = accepted ? Math.max(settle, 4 * taken) * (1 + Math.random()) : Math.random() * settle;
    await pause(Math.min(rest, longestRest), signal);
  }
  throw new MlbomError('E_UNWRITABLE', `${index.name}: others keep overwriting the list of referrers`, {
    subject: index.name,
    rule: 'referrers-contended',
    next: 'do the same again later: everything is pushed, and only not listed yet',
  });
}

/** Milliseconds. */
const longestRest = 10_000;

/** A descriptor as an index lists a referrer (OCI distribution-spec 1.1, "Pushing Manifests with Subject"). */
function entryOf({ mediaType, digest, size, artifactType, annotations }: Descriptor): JsonObject {
  return {
    mediaType,
    digest: formatDigest(digest),
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
  };
}

function emptyIndex(): JsonObject {
  return { schemaVersion: 2, mediaType: ociIndexType, manifests: [] };
}

function documentOf(bytes: Uint8Array, name: string): JsonObject {
  const { kind } = readManifest(bytes, undefined, name);
  if (kind === 'index') return parseJsonObject(bytes, { subject: name });
  throw new MlbomError('E_UNSUPPORTED', `${name}: not an index, so nothing can be listed in it`, {
    subject: name,
    rule: 'referrers-no-index',
    next: 'remove the tag: it belongs to the list of referrers (OCI distribution-spec 1.1, "Referrers Tag Schema")',
  });
}

function listedIn(document: JsonObject): readonly JsonValue[] {
  const { manifests } = document;
  return Array.isArray(manifests) ? manifests : [];
}

/** An entry of a referrer that another tool wrote with less in it; what has a name is an entry of its own. */
function isReplaced(entry: JsonValue, own: readonly JsonObject[]): boolean {
  const digest = textAt(entry, 'digest');
  const one = own.find((each) => each['digest'] === digest);
  return one !== undefined && nameOf(entry) === undefined && canonicalJson(entry) !== canonicalJson(one);
}

/** What is wanted and not there; an entry whose name has moved to another one is not put back. */
function lostFrom(kept: readonly JsonValue[], wanted: readonly JsonValue[]): JsonValue[] {
  const texts = new Set(kept.map((entry) => canonicalJson(entry)));
  const names = new Set(kept.flatMap((entry) => nameOf(entry) ?? []));
  const lost = new Map(wanted.map((entry) => [canonicalJson(entry), entry]));
  return [...lost].flatMap(([text, entry]) =>
    texts.has(text) || names.has(nameOf(entry) ?? '') ? [] : [entry],
  );
}

function nameOf(entry: JsonValue): string | undefined {
  return textAt(entry, 'annotations', 'org.opencontainers.image.ref.name');
}

function bytesOf(document: JsonObject, entries: readonly JsonValue[], name: string): Uint8Array {
  if (entries.length > limits.imageDescriptors) throw tooMany(name, `${entries.length} manifests`);
  const bytes = canonicalBytes({ ...document, mediaType: ociIndexType, manifests: [...entries] });
  if (bytes.length > limits.imageManifestBytes) throw tooMany(name, `${bytes.length} bytes`);
  return bytes;
}

function tooMany(name: string, what: string): MlbomError {
  return new MlbomError('E_LIMIT', `${name}: the list of referrers would have ${what}`, {
    subject: name,
    rule: 'referrers-size',
  });
}
