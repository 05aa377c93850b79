import type { Bom } from '../../core/bom.ts';
import { componentsOf } from '../../core/components-of.ts';
import type { PropertyName } from '../../core/vocabulary.ts';

const named: readonly PropertyName[] = ['mlbom:oci:manifest-digest', 'mlbom:oci:index-digest'];

/** Digests of the images that a BOM is about, and of the indexes that led to them, as `sha256:<hex>`; each once. */
export function imageDigestsOf(bom: Bom): string[] {
  const digests = new Set<string>();
  for (const { component } of componentsOf(bom)) {
    for (const { name, value } of component.properties ?? []) {
      if (value !== undefined && named.some((one) => one === name)) digests.add(value);
    }
  }
  return [...digests];
}
