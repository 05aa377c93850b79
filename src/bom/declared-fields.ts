import type { Property } from '../core/bom.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Declaration } from '../core/declaration.ts';
import type { PropertyName } from '../core/vocabulary.ts';
import type { Cited } from './citations-of.ts';

/** The fields of the document that a declaration fills by itself, by their place in the declaration. */
const fields = [
  ['bom', 'authors', '/metadata/authors'],
  ['bom', 'supplier', '/metadata/supplier'],
  ['bom', 'manufacturer', '/metadata/manufacturer'],
  ['bom', 'lifecycle', '/metadata/lifecycles'],
  ['bom', 'license', '/metadata/licenses'],
  ['dataFlows', undefined, '/services'],
  ['training', undefined, '/formulation'],
  ['security', 'controls', '/declarations'],
  ['security', 'standards', '/definitions'],
] as const;

/** What of the document itself is declared, with where it is written. */
export function declaredFields(declaration: Declaration | undefined): Cited[] {
  if (!declaration) return [];
  return fields.flatMap(([section, field, pointer]): Cited[] => {
    const whole: unknown = declaration[section];
    const value = field === undefined ? whole : (whole as Record<string, unknown> | undefined)?.[field];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
    const at = field === undefined ? section : `${section}.${field}`;
    return [{ pointer, evidence: { basis: 'declared', source: declaration.source, at, by: 'declaration' } }];
  });
}

const name: PropertyName = 'mlbom:evidence';

/** The same for readers of 1.6, which has no citations. */
export function evidenceProperties(declared: readonly Cited[]): { properties?: Property[] } {
  if (declared.length === 0) return {};
  const values = declared.map(({ pointer, evidence }) =>
    canonicalJson({ attribute: pointer.slice(1).replaceAll('/', '.'), ...evidence }),
  );
  return { properties: values.sort().map((value) => ({ name, value })) };
}
