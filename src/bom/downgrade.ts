import type { Bom, SpecVersion } from '../core/bom.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { isObject } from '../core/json.ts';
import { without17 } from './without-17.ts';

/** What a conversion could not keep, or kept in another form. */
export interface Loss {
  /** JSON Pointer into the document that was converted. */
  readonly pointer: string;
  readonly reason: string;
}

/**
 * The BOM in another version of the specification, and what that cost.
 * From 1.7 to 1.6 exactly what 1.6 does not have is left out or put in its terms. The other way nothing is lost but
 * an enveloped signature, which covers the version too.
 * Neither the BOM given nor its parts are changed.
 */
export function toSpecVersion(bom: Bom, specVersion: SpecVersion): { bom: Bom; lost: Loss[] } {
  if (bom.specVersion === specVersion) return { bom, lost: [] };
  const lost: Loss[] = [];
  const document = bom as unknown as JsonObject;
  const converted: JsonValue = specVersion === '1.6' ? without17(document, lost) : { ...document };
  if (!isObject(converted)) return { bom, lost };
  converted['specVersion'] = specVersion;
  if (typeof converted['$schema'] === 'string') {
    converted['$schema'] = `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`;
  }
  if (Object.hasOwn(converted, 'signature')) {
    delete converted['signature'];
    lost.push({
      pointer: '/signature',
      reason: 'an enveloped signature does not survive a change of the document',
    });
  }
  return { bom: converted as unknown as Bom, lost };
}
