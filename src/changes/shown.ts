import { isObject } from '../core/json.ts';
import type { Difference } from './differences.ts';
import type { FieldItem } from './fields.ts';
import { qualifiedName, type Part } from './part.ts';

/** Longer texts (a whole model card) are cut in `was` and `now`; the pointers lead to the rest. */
const longest = 600;

/** Values as one text for people; `undefined` when there are none. */
export function shown(values: readonly unknown[]): string | undefined {
  if (values.length === 0) return undefined;
  const text = values
    .slice(0, longest)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(', ');
  return text.length > longest
    ? `${text.slice(0, longest).toWellFormed()} … (${text.length} characters)`
    : text;
}

export function shownItems(items: readonly FieldItem[]): string | undefined {
  return shown(items.map((item) => readable(item.value)));
}

/** `name@version`, with the package URL where there is one. */
export function shownPart(part: Part): string {
  const version = part.version === undefined ? '' : `@${part.version}`;
  return `${qualifiedName(part)}${version}${part.purl === undefined ? '' : ` (${part.purl})`}`;
}

/** The pointers of differences, for a change that is about exactly these. */
export function pointersOf(differences: readonly Difference[]): {
  oldPointers: string[];
  newPointers: string[];
} {
  return {
    oldPointers: differences.flatMap((difference) => difference.old.map((item) => item.pointer)),
    newPointers: differences.flatMap((difference) => difference.new.map((item) => item.pointer)),
  };
}

/** Separators of our own keys are not for people. */
function readable(value: unknown): unknown {
  if (isObject(value) && Object.keys(value).length === 1) return Object.values(value)[0];
  return value;
}
