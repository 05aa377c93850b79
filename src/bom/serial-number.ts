import type { Bom } from '../core/bom.ts';
import { canonicalBytes } from '../core/canonical-json.ts';
import { sha256 } from '../core/digest.ts';

/**
 * A serial number that follows from the content, so that the same BOM has the same one in every run:
 * a version 8 UUID (RFC 9562 §5.8) of the SHA-256 of the canonical BOM without its serial number.
 */
export function serialNumberOf(bom: Bom): string {
  const content: Partial<Bom> = { ...bom };
  delete content.serialNumber;
  const hex = sha256(canonicalBytes(content));
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}
