import type { Bom } from '../core/bom.ts';
import { canonicalJson } from '../core/canonical-json.ts';

/** The text of a BOM: RFC 8785, one line, and a line feed. */
export function writeBom(bom: Bom): string {
  return `${canonicalJson(bom)}\n`;
}
