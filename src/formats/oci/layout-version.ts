import { parseJsonObject } from '../../core/json.ts';
import { textMember } from './members.ts';

/** Bytes of `oci-layout` that are read: it has one member. */
export const layoutFileBytes = 4096;

/** The version that the file `oci-layout` states (OCI image-spec 1.1, image-layout.md). @throws MlbomError `E_MALFORMED` */
export function layoutVersion(bytes: Uint8Array, subject = 'oci-layout'): string | undefined {
  return textMember(parseJsonObject(bytes, { subject }), 'imageLayoutVersion', subject);
}
