import { canonicalJson } from '../core/canonical-json.ts';
import { decodeBase64 } from '../core/decode-base64.ts';
import { isHexOf } from '../core/digest.ts';
import { MlbomError } from '../core/errors.ts';
import { isObject, parseJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import { isCount } from '../core/json-access.ts';
import { limits } from '../core/limits.ts';
import type { FileDetail, ManifestFile } from '../core/manifest.ts';
import { artifactDigest } from './artifact-digest.ts';
import { chunkRootOf } from './chunk-root.ts';
import { chunkCountOf, chunkSizeOf } from './chunk-size.ts';
import { lineOf, makeManifest } from './manifest.ts';
import { readTensorRows, tensorRows } from './tensor-rows.ts';

/** What stands in a sidecar: `schemas/manifest-v1.schema.json`. */
export interface Sidecar {
  /** The artifact digest: SHA-256 of the canonical manifest, in hex. */
  readonly artifact: string;
  /** Sorted as the manifest. */
  readonly files: readonly FileDetail[];
}

/**
 * The sidecar document of these files in canonical form (RFC 8785). The only leaf of a file of one chunk is its
 * SHA-256 and is left out.
 * @throws MlbomError `E_MALFORMED` as `makeManifest`; `E_LIMIT` when it would be larger than a sidecar may be
 */
export function writeSidecar(files: readonly FileDetail[]): Uint8Array {
  const manifest = makeManifest(files);
  const details = new Map(files.map((file) => [file.path, file]));
  const pieces = [Buffer.from(`{"artifact":"${artifactDigest(manifest)}","files":[`)];
  let bytes = 0;
  for (const [index, { path }] of manifest.files.entries()) {
    const row = details.get(path);
    if (!row) continue;
    const piece = Buffer.from(`${index > 0 ? ',' : ''}${canonicalJson(rowOf(row))}`, 'utf8');
    bytes += piece.length;
    if (bytes > limits.sidecarBytes) throw tooLarge(bytes);
    pieces.push(piece);
  }
  pieces.push(Buffer.from('],"version":1}'));
  return Buffer.concat(pieces);
}

/**
 * Reads a sidecar strictly: every leaf is checked against its chunk root, and all files against the artifact digest.
 * What it says is as trustworthy as the place that the artifact digest is compared with.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`; `E_UNSUPPORTED` for another version
 */
export function readSidecar(bytes: Uint8Array, subject = 'manifest sidecar'): Sidecar {
  if (bytes.length > limits.sidecarBytes) throw tooLarge(bytes.length);
  const document = parseJsonObject(bytes, { subject });
  const { version, artifact, files, ...rest } = document;
  if (version !== 1) {
    throw new MlbomError('E_UNSUPPORTED', `${subject}: only version 1 is read`, { subject });
  }
  if (!Array.isArray(files)) throw malformed(subject, 'files is not a list');
  refuseOthers(rest, subject);

  const details = files.map((file, index) => readRow(file, `${subject}: files[${index}]`));
  const manifest = makeManifest(details);
  if (manifest.files.some(({ path }, index) => path !== details[index]?.path)) {
    throw malformed(subject, 'the files are not sorted by path');
  }
  const digest = artifactDigest(manifest);
  if (artifact !== digest) {
    throw malformed(subject, `its files have the artifact digest ${digest}, not the stated one`);
  }
  return { artifact: digest, files: details };
}

function rowOf(file: FileDetail): JsonObject {
  const leaves = isSingleChunk(file) ? {} : { leaves: Buffer.from(file.leaves).toString('base64') };
  return { ...lineOf(file), ...leaves, ...(file.tensors && { tensors: tensorRows(file.tensors) }) };
}

function readRow(row: JsonValue, subject: string): FileDetail {
  if (!isObject(row)) throw malformed(subject, 'not an object');
  const { path, size, sha256, chunkSize, chunkRoot, leaves, tensors, ...rest } = row;
  refuseOthers(rest, subject);
  if (typeof path !== 'string') throw malformed(subject, 'path is not text');
  if (!isCount(size)) throw malformed(subject, 'size is no size');
  if (size > limits.fileBytes) {
    throw new MlbomError('E_LIMIT', `${subject}: a file of ${size} bytes`, { subject });
  }
  if (chunkSize !== chunkSizeOf(size)) throw malformed(subject, `chunkSize is not ${chunkSizeOf(size)}`);
  if (typeof sha256 !== 'string' || !isHexOf('sha256', sha256)) {
    throw malformed(subject, 'sha256 is no SHA-256');
  }
  if (typeof chunkRoot !== 'string' || !isHexOf('sha256', chunkRoot)) {
    throw malformed(subject, 'chunkRoot is no SHA-256');
  }

  const line = { path, size, sha256, chunkSize, chunkRoot };
  return {
    ...line,
    leaves: readLeaves(leaves, line, subject),
    ...(tensors !== undefined && { tensors: readTensorRows(tensors, size, subject) }),
  };
}

function readLeaves(text: JsonValue | undefined, line: ManifestFile, subject: string): Uint8Array {
  const leaves = isSingleChunk(line) ? Buffer.from(line.sha256, 'hex') : base64(text, subject);
  if (isSingleChunk(line) && text !== undefined && !base64(text, subject).equals(leaves)) {
    throw malformed(subject, 'the only leaf is not the SHA-256 of the file');
  }
  if (leaves.length !== 32 * chunkCountOf(line.size)) {
    throw malformed(subject, 'there is not one leaf for each chunk');
  }
  if (chunkRootOf(leaves) !== line.chunkRoot) {
    throw malformed(subject, 'the leaves do not have this chunk root');
  }
  return leaves;
}

function base64(text: JsonValue | undefined, subject: string): Buffer {
  if (typeof text !== 'string') throw malformed(subject, 'leaves is not text');
  return decodeBase64(text, `${subject}: leaves`);
}

function isSingleChunk(file: ManifestFile): boolean {
  return chunkCountOf(file.size) === 1;
}

function refuseOthers(rest: JsonObject, subject: string): void {
  const [name] = Object.keys(rest);
  if (name !== undefined) throw malformed(subject, `${JSON.stringify(name.slice(0, 80))} is not known`);
}

function malformed(subject: string, why: string): MlbomError {
  return new MlbomError('E_MALFORMED', `${subject}: ${why}`, { subject, rule: 'sidecar' });
}

function tooLarge(bytes: number): MlbomError {
  return new MlbomError('E_LIMIT', `a manifest sidecar of ${bytes} bytes is too large`, {
    next: 'leave tensor tables out, or split the artifact',
  });
}
