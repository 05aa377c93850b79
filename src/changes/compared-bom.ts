import type { Bom } from '../core/bom.ts';
import { canonicalBytes } from '../core/canonical-json.ts';
import type { ComparedBom } from '../core/change.ts';
import { sha256 } from '../core/digest.ts';
import { partsOf, text } from './part.ts';

/**
 * How a report names a BOM: by its subject, and by the digest of its canonical form.
 * @throws MlbomError as `canonicalJson`
 */
export function comparedBom(bom: Bom): ComparedBom {
  const [first] = partsOf({ ...bom, components: [] });
  const serialNumber = text(bom.serialNumber);
  return {
    name: first ? [first.group, first.name].filter((name) => name !== '').join('/') : '',
    ...(first?.version === undefined ? {} : { version: first.version }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    digest: `sha256:${sha256(canonicalBytes(bom))}`,
  };
}
