import { formatDigest } from '../../core/digest.ts';
import type { Descriptor, Platform } from '../../core/image.ts';
import { isCount } from '../../core/json-access.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { parseDigest } from './digest.ts';
import { memberOf, objectMember, stringMapMember, textMember, textsMember } from './members.ts';
import { malformed } from './oci-error.ts';

/**
 * A descriptor (OCI image-spec 1.1, descriptor.md). Content that is embedded as `data` is not looked at.
 * @param what for messages: `the manifest sha256:…, layer 2`
 * @throws MlbomError `E_MALFORMED` (`oci-descriptor`, `oci-digest`, `oci-type`), `E_UNSUPPORTED` (`oci-digest-algorithm`)
 */
export function readDescriptor(value: unknown, what: string): Descriptor {
  if (!isObject(value)) throw malformed('descriptor', what, 'no descriptor');
  const mediaType = textMember(value, 'mediaType', what);
  if (mediaType === undefined || mediaType.length > longestType) {
    throw malformed('descriptor', what, 'without a media type');
  }
  const text = textMember(value, 'digest', what);
  if (text === undefined) throw malformed('descriptor', what, 'without a digest');
  const digest = parseDigest(text, what);
  const size = memberOf(value, 'size', what);
  if (!isCount(size))
    throw malformed('descriptor', what, `the size of ${formatDigest(digest)} is no number of bytes`);
  const artifactType = textMember(value, 'artifactType', what);
  const platform = readPlatform(objectMember(value, 'platform', what) ?? {}, what);
  const urls = textsMember(value, 'urls', what);
  return {
    mediaType,
    digest,
    size,
    annotations: stringMapMember(value, 'annotations', what),
    ...(artifactType !== undefined && { artifactType }),
    ...(platform !== undefined && { platform }),
    ...(urls.length > 0 && { urls }),
  };
}

/** Undefined unless both the system and the architecture are named. */
export function readPlatform(object: JsonObject, what: string): Platform | undefined {
  const os = textMember(object, 'os', what);
  const architecture = textMember(object, 'architecture', what);
  const variant = textMember(object, 'variant', what);
  const osVersion = textMember(object, 'os.version', what);
  if (os === undefined || architecture === undefined) return undefined;
  return {
    os,
    architecture,
    ...(variant !== undefined && { variant }),
    ...(osVersion !== undefined && { osVersion }),
  };
}

/** RFC 6838 allows 127 characters on each side of the slash. */
const longestType = 255;
