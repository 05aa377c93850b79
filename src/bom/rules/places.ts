import { MlbomError } from '../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { escapeToken } from '../../core/json-pointer.ts';

/** A value in a document, with the way to it. */
export interface Place {
  readonly value: JsonValue;
  /** The member that holds it, directly or as an item of its array; empty for the document. */
  readonly owner: string;
  readonly token: string | number;
  readonly parent: Place | undefined;
}

/** Every value of a document, each after the one that holds it. */
export function visitPlaces(document: JsonObject, visit: (place: Place) => void): void {
  descend({ value: document, owner: '', token: '', parent: undefined }, 0, visit);
}

function descend(place: Place, depth: number, visit: (place: Place) => void): void {
  if (depth > limits.jsonDepth)
    throw new MlbomError('E_LIMIT', 'JSON is nested too deeply', { rule: 'json-depth' });
  visit(place);
  const { value, owner } = place;
  // Plain loops: a BOM of 100,000 files has two million places.
  if (Array.isArray(value)) {
    for (let token = 0; token < value.length; token++) {
      descend({ value: value[token] as JsonValue, owner, token, parent: place }, depth + 1, visit);
    }
  } else if (isObject(value)) {
    for (const token of Object.keys(value)) {
      descend({ value: value[token] as JsonValue, owner: token, token, parent: place }, depth + 1, visit);
    }
  }
}

/** JSON Pointer (RFC 6901). */
export function pointerOf(place: Place): string {
  const tokens: string[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) tokens.push(`/${escapeToken(at.token)}`);
  return tokens.reverse().join('');
}

/** The object that holds a value, directly or through its array. */
export function holderOf(place: Place): Place | undefined {
  let at = place.parent;
  while (at !== undefined && Array.isArray(at.value)) at = at.parent;
  return at;
}
