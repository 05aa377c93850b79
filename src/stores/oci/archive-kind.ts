import type { ByteSource } from '../../core/entry.ts';
import type { Blob } from '../../core/image.ts';
import { isMlbomError } from '../../core/errors.ts';
import type { LayerCodec } from '../../core/layer.ts';
import { limits } from '../../core/limits.ts';
import { unpackStream } from '../../formats/inflate/unpack-stream.ts';
import { layoutFileBytes, layoutVersion } from '../../formats/oci/layout-version.ts';
import { readSaveManifest } from '../../formats/oci/read-save-manifest.ts';
import { subrange } from '../../formats/subrange.ts';
import { readTar, type TarAnomaly, type TarMember } from '../../formats/tar/read-tar.ts';
import { createTarStream } from '../../formats/tar/tar-stream.ts';

export type ArchiveKind = 'oci-archive' | 'docker-archive';

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
  if (!isWhole) return unended.length > 0 ? telling : undefined;
  const version = layoutVersion(await whole(marker, layoutFileBytes));
  return version === undefined ? undefined : 'oci-archive';
}

function kindByName(name: string): ArchiveKind | undefined {
  if (!tellingNames.test(name)) return undefined;
  return /^(?:oci-|blobs)/.test(name) ? 'oci-archive' : 'docker-archive';
}

async function isSaved(saved: ByteSource): Promise<boolean> {
  return readSaveManifest(await whole(saved, limits.imageManifestBytes)).length > 0;
}

/**
 * As `archiveKind`, for a packed one: it would have to be unpacked whole to be looked through, so the names at its
 * beginning decide. `openArchive` reads both kinds and finds out.
 */
export async function packedKind(packed: Blob, codec: LayerCodec): Promise<ArchiveKind | undefined> {
  const names = namesIn(await unpackedHead(packed, codec)).filter((name) => name !== '');
  if (!names.every((name) => memberNames.test(name))) return undefined;
  if (names.includes('manifest.json')) return 'docker-archive';
  return names.map(kindByName).find((kind) => kind !== undefined);
}

/** Enough for some headers; the first layer is usually larger. */
const headBytes = 256 * 1024;

async function unpackedHead(packed: Blob, codec: LayerCodec): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const bytes of unpackStream(packed.stream(), codec)) {
      parts.push(bytes);
      length += bytes.length;
      if (length >= headBytes) break;
    }
  } catch {
    // What breaks off has the names that came before.
  }
  return Buffer.concat(parts);
}

function namesIn(head: Uint8Array): readonly string[] {
  const names: string[] = [];
  const ignore = (): void => undefined;
  const member = ({ name }: TarMember): void => void names.push(bareName(name));
  try {
    createTarStream({ member, data: ignore, end: ignore, anomaly: ignore }).write(head);
  } catch {
    // What is no tar has no names.
  }
  return names;
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
