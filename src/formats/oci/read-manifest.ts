import type { Descriptor, ImageManifest } from '../../core/image.ts';
import { MlbomError } from '../../core/errors.ts';
import { parseJsonObject, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { isIndexType, isManifestType, isSchema1Type, ociIndexType, ociManifestType } from './media-types.ts';
import { listMember, memberOf, objectMember, stringMapMember, textMember } from './members.ts';
import { malformed, ociError, quoted } from './oci-error.ts';
import { readDescriptor } from './read-descriptor.ts';

export interface ReadManifest extends Omit<ImageManifest, 'descriptor'> {
  readonly kind: 'manifest';
  readonly mediaType: string;
}

export interface ReadIndex {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly subject?: Descriptor;
  readonly descriptors: readonly Descriptor[];
}

/**
 * An image manifest or an index (OCI image-spec 1.1, manifest.md and image-index.md), Docker's manifest or list
 * (image-spec 2.2). A document that could be read as both is refused (CVE-2021-41190).
 * @param hint the media type by which it was referred to; what the document says must agree with it
 * @param what for messages: `the manifest sha256:…`
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`; `E_UNSUPPORTED` for Docker's schema 1 and other documents
 */
export function readManifest(
  bytes: Uint8Array,
  hint?: string,
  what = 'the manifest',
): ReadManifest | ReadIndex {
  if (bytes.length > limits.imageManifestBytes) {
    throw ociError('E_LIMIT', 'manifest-bytes', what, `larger than ${limits.imageManifestBytes} bytes`);
  }
  const document = parseJsonObject(bytes, { subject: what });
  const mediaType = mediaTypeOf(document, hint, what);
  if (memberOf(document, 'schemaVersion', what) !== 2) {
    throw malformed('schema-version', what, 'its schemaVersion is not 2');
  }
  const artifactType = textMember(document, 'artifactType', what);
  const subject = objectMember(document, 'subject', what);
  const shared = {
    mediaType,
    ...(artifactType !== undefined && { artifactType }),
    annotations: stringMapMember(document, 'annotations', what),
    ...(subject !== undefined && { subject: readDescriptor(subject, `${what}, its subject`) }),
  };
  if (isIndexType(mediaType)) {
    return { kind: 'index', ...shared, descriptors: descriptorsOf(document, 'manifests', what) };
  }
  return {
    kind: 'manifest',
    ...shared,
    config: readDescriptor(memberOf(document, 'config', what), `${what}, its configuration`),
    layers: descriptorsOf(document, 'layers', what),
  };
}

function mediaTypeOf(document: JsonObject, hint: string | undefined, what: string): string {
  const stated = textMember(document, 'mediaType', what);
  // A registry's answer has it with parameters: `; charset=utf-8`.
  const expected = hint?.split(';', 1)[0]?.trim();
  const isOld = [stated, expected].some((type) => type !== undefined && isSchema1Type(type));
  if (isOld || memberOf(document, 'schemaVersion', what) === 1) throw schema1(what);

  const known = [stated, expected].filter((type) => type !== undefined && isRead(type));
  if (stated !== undefined && !isRead(stated)) {
    throw ociError('E_UNSUPPORTED', 'media-type', what, `documents of type ${quoted(stated)} are not read`);
  }
  if (known.length === 2 && known[0] !== known[1]) {
    throw malformed(
      'media-type',
      what,
      `it says it is ${quoted(known[0] ?? '')}, not ${quoted(known[1] ?? '')}`,
    );
  }
  const hasIndex = memberOf(document, 'manifests', what) !== undefined;
  const hasManifest = ['layers', 'config'].some((name) => memberOf(document, name, what) !== undefined);
  if (hasIndex && hasManifest) throw malformed('both', what, 'it is a manifest and an index at once');

  const mediaType = known[0] ?? (hasIndex ? ociIndexType : hasManifest ? ociManifestType : undefined);
  if (mediaType === undefined) throw malformed('manifest', what, 'neither a manifest nor an index');
  if (isIndexType(mediaType) ? hasManifest : hasIndex) {
    throw malformed('both', what, `it has not the members of ${quoted(mediaType)}`);
  }
  return mediaType;
}

function isRead(mediaType: string): boolean {
  return isManifestType(mediaType) || isIndexType(mediaType);
}

function schema1(what: string): MlbomError {
  return new MlbomError('E_UNSUPPORTED', `${what}: a manifest of Docker's schema 1`, {
    subject: what,
    rule: 'oci-schema1',
    next: 'push the image again with a current tool: it writes a manifest of schema 2',
  });
}

function descriptorsOf(
  document: JsonObject,
  name: 'layers' | 'manifests',
  what: string,
): readonly Descriptor[] {
  const list = listMember(document, name, what);
  if (list.length > limits.imageDescriptors) {
    throw ociError(
      'E_LIMIT',
      'descriptors',
      what,
      `${list.length} ${name}, more than ${limits.imageDescriptors}`,
    );
  }
  const item = name === 'layers' ? 'layer' : 'manifest';
  return list.map((value, at) => readDescriptor(value, `${what}, ${item} ${at + 1} of ${list.length}`));
}
