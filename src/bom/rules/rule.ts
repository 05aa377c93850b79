import { isObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { valueAt } from '../../core/json-access.ts';
import type { ValidationSeverity } from '../../core/validation-finding.ts';
import { secretIn } from '../secrets.ts';
import { visitPlaces, type Place } from './places.ts';

/** One thing that the schema accepts and that is wrong all the same. */
export interface LintRule {
  /** Stable: `MLB-BOM-nnn`. */
  readonly id: string;
  readonly severity: ValidationSeverity;
  readonly title: string;
  /** Whom it hurts, or which clause forbids it. */
  readonly why: string;
  /** The members whose values (or whose arrays' items) it looks at; `''` is the document itself. */
  readonly on: readonly string[] | 'every-string';
  check(place: Place, index: DocumentIndex): readonly Violation[];
}

export interface Violation {
  readonly message: string;
  readonly fix: string;
  /** Below the place, as a JSON Pointer; the place itself when absent. */
  readonly at?: string;
}

/** What rules need to know of the whole document. */
export interface DocumentIndex {
  readonly document: JsonObject;
  /** Where each `bom-ref` is given first, and how often. */
  readonly definitions: ReadonlyMap<string, Definition>;
}

export interface Definition {
  /** The object that has the `bom-ref`. */
  readonly place: Place;
  count: number;
}

export const componentMembers = ['component', 'components', 'ancestors', 'descendants', 'variants'] as const;

export const none: readonly Violation[] = [];

export function violation(message: string, fix: string, at?: string): readonly Violation[] {
  return [at === undefined ? { message, fix } : { message, fix, at }];
}

export function indexOf(document: JsonObject): DocumentIndex {
  const definitions = new Map<string, Definition>();
  visitPlaces(document, (place) => {
    if (!isObject(place.value) || !isDefinition(place)) return;
    const ref = place.value['bom-ref'];
    if (typeof ref !== 'string') return;
    const known = definitions.get(ref);
    if (known === undefined) definitions.set(ref, { place, count: 1 });
    else known.count++;
  });
  return { document, definitions };
}

/** A patent assertion's `bom-ref` is, by its description in 1.7, that of the patent. */
export function isDefinition(place: Place): boolean {
  return place.owner !== 'patentAssertions';
}

/** The value of a member when it is text. */
export function textOf(value: JsonValue, name: string): string | undefined {
  const member = valueAt(value, name);
  return typeof member === 'string' ? member : undefined;
}

/** A value of the document in a message: shortened, and never a secret. */
export function quoted(text: string): string {
  if (secretIn(text) !== undefined) return '(a value that holds a secret)';
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);
}
