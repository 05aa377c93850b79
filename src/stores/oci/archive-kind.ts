import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import type { ByteSource } from '../../core/entry.ts';
import type { Blob } from '../../core/image.ts';
import { textAt } from '../../core/json-access.ts';
import { parseJsonObject } from '../../core/json.ts';
import { isMlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { readSaveManifest } from '../../formats/oci/read-save-manifest.ts';
import { subrange } from '../../formats/subrange.ts';
import { readTar, type TarAnomaly } from '../../formats/tar/read-tar.ts';
import { parseTarHeader } from '../../formats/tar/tar-header.ts';

export type ArchiveKind = 'oci-archive' | 'docker-archive';

/** `oci-layout` has one member. */
export const markerBytes = 4096;

/** True for the content of `oci-layout`. @throws MlbomError `E_MALFORMED` */
export function isMarker(bytes: Uint8Array): boolean {
  return textAt(parseJsonObject(bytes, { subject: 'oci-layout' }), 'imageLayoutVersion') !== undefined;
}

const id = '[0-9a-f]{64}';
/** Members of a layout; of `docker save`; of what go-containerregistry, Jib and podman write in its place. */
const memberNames = new RegExp(
  `^(?:oci-layout|index\\.json|manifest\\.json|repositories|config\\.json|blobs(?:/sha(?:256|512)(?:/[0-9a-f]{64,128})?)?` +
    `|(?:sha256:)?${id}(?:\\.json|\\.tar|\\.tar\\.gz)?|${id}/(?:VERSION|json|layer\\.tar))$`,
);
/** Those among them that other archives do not have. */
const tellingNames = new RegExp(`^oci-layout$|${id}`);

/**
 * Which archive of an image a tar is; undefined as soon as a member has another name than theirs. One that breaks off
 * after such names is still meant to be one.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT` for what is none either
 */
export async function archiveKind(source: ByteSource): Promise<ArchiveKind | undefined> {
  const documents = new Map<string, ByteSource>();
  const unended: TarAnomaly[] = [];
  const report = (anomaly: TarAnomaly): void => {
    if (anomaly.kind === 'no-end') unended.push(anomaly);
  };
  let telling: ArchiveKind | undefined;
  let members = 0;
  try {
    for await (const { name, type, offset, size } of readTar(source, report)) {
      const plain = bareName(name);
      if (plain === '' && type === 'directory') continue;
      if (!memberNames.test(plain) || ++members > limits.archiveMembers) return undefined;
      telling ??= kindByName(plain);
      if (type !== 'file') continue;
      if (plain.endsWith('.json') || plain === 'oci-layout') {
        documents.set(plain, subrange(source, { offset, length: size }));
      }
    }
  } catch (error) {
    if (!isMlbomError(error) || telling === undefined) throw error;
    return documents.has('manifest.json') ? 'docker-archive' : telling;
  }
  const saved = documents.get('manifest.json');
  if (saved) return (telling ?? (await isSaved(saved))) ? 'docker-archive' : undefined;
  const marker = documents.get('oci-layout');
  const isWhole = marker !== undefined && documents.has('index.json');
  if (!isWhole && unended.length > 0) return telling;
  return isWhole && isMarker(await whole(marker, markerBytes)) ? 'oci-archive' : undefined;
}

function kindByName(name: string): ArchiveKind | undefined {
  if (!tellingNames.test(name)) return undefined;
  return /^(?:oci-|blobs)/.test(name) ? 'oci-archive' : 'docker-archive';
}

async function isSaved(saved: ByteSource): Promise<boolean> {
  return readSaveManifest(await whole(saved, limits.imageManifestBytes)).length > 0;
}

/**
 * As `archiveKind`, for a gzipped one: it would have to be unpacked whole to be looked through, so the names at its
 * beginning decide. `openArchive` reads both kinds and finds out.
 */
export async function packedKind(packed: Blob): Promise<ArchiveKind | undefined> {
  const head = await unpackedHead(packed);
  let kind: ArchiveKind | undefined;
  for (let at = 0; at + 512 <= head.length;) {
    const block = head.subarray(at, at + 512);
    if (block.every((byte) => byte === 0)) break;
    const { name, typeflag, size } = parseTarHeader(block, at);
    at += 512 + Math.ceil(size / 512) * 512;
    const plain = bareName(name);
    // Extended headers have names of their own.
    if ('xgLK'.includes(typeflag) || plain === '') continue;
    if (!memberNames.test(plain)) return undefined;
    if (plain === 'manifest.json') return 'docker-archive';
    kind ??= kindByName(plain);
  }
  return kind;
}

/** Enough for some headers; the first layer is usually larger. */
const headBytes = 256 * 1024;

async function unpackedHead(packed: Blob): Promise<Uint8Array> {
  const source = Readable.from(packed.stream(), { objectMode: false });
  const gunzip = createGunzip();
  source.once('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const bytes of gunzip as AsyncIterable<Uint8Array>) {
      parts.push(bytes);
      length += bytes.length;
      if (length >= headBytes) break;
    }
  } catch {
    // What is no gzip has no names.
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  return Buffer.concat(parts);
}

/** Nothing where it is too large to be what it is called. */
async function whole(source: ByteSource, limit: number): Promise<Uint8Array> {
  return source.size > limit ? new Uint8Array() : source.read({ offset: 0, length: source.size });
}

/** `./blobs/` is `blobs`. */
function bareName(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.join('/');
}
