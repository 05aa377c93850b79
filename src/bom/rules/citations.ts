import { valueAtPointer } from '../../core/json-pointer.ts';
import { none, quoted, violation, type LintRule } from './rule.ts';

export const citationRules: readonly LintRule[] = [
  {
    id: 'MLB-BOM-050',
    severity: 'error',
    title: 'A citation points nowhere',
    why: 'A citation says who stated a field; one that points to no field attributes nothing.',
    on: ['pointers'],
    check({ value, parent }, { document }) {
      if (typeof value !== 'string' || parent?.owner !== 'pointers') return none;
      if (valueAtPointer(document, value) !== undefined) return none;
      return violation(
        `nothing stands at ${quoted(value)}`,
        'give the JSON Pointer (RFC 6901) of a field of this BOM',
      );
    },
  },
  {
    id: 'MLB-BOM-051',
    severity: 'error',
    title: "A citation's expression is not JSONPath",
    why: 'In a JSON document, expressions shall be JSONPath (RFC 9535), which begins with "$".',
    on: ['expressions'],
    check({ value, parent }) {
      if (typeof value !== 'string' || parent?.owner !== 'expressions' || value.startsWith('$')) return none;
      return violation('is not JSONPath', 'begin it with "$", as in $.components[0].licenses');
    },
  },
];
