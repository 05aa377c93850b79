import { isObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { malformed, quoted } from './oci-error.ts';

/**
 * An own member; absent where it is null, as Go writes what is empty. A name that differs in case alone is refused: what
 * runs images is written in Go, whose encoding/json takes it for the same one, and the last in the document wins.
 * @throws MlbomError `E_MALFORMED` (`oci-case`)
 */
export function memberOf(object: JsonObject, name: string, what: string): JsonValue | undefined {
  const folded = foldedAsGo(name);
  for (const other in object) {
    // No fold changes the number of UTF-16 units.
    if (other.length !== name.length || other === name || foldedAsGo(other) !== folded) continue;
    throw malformed('case', what, `its member ${quoted(other)} stands for ${quoted(name)}`);
  }
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;
}

/** encoding/json's fold.go: ASCII without case, and the two other characters whose simple folding is ASCII. */
function foldedAsGo(name: string): string {
  return name.replaceAll('\u017f', 's').replaceAll('\u212a', 'k').toLowerCase();
}

/** @throws MlbomError `E_MALFORMED` (`oci-type`) when it is there and no text; an empty one counts as absent */
export function textMember(object: JsonObject, name: string, what: string): string | undefined {
  const value = memberOf(object, name, what);
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw malformed('type', what, `its ${name} is no text`);
}

/** @throws MlbomError `E_MALFORMED` (`oci-type`) when it is there and no object */
export function objectMember(object: JsonObject, name: string, what: string): JsonObject | undefined {
  const value = memberOf(object, name, what);
  if (value === undefined) return undefined;
  if (isObject(value)) return value;
  throw malformed('type', what, `its ${name} is no object`);
}

/** Empty when it is absent. @throws MlbomError `E_MALFORMED` (`oci-type`) when it is there and no list */
export function listMember(object: JsonObject, name: string, what: string): readonly JsonValue[] {
  const value = memberOf(object, name, what);
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw malformed('type', what, `its ${name} is no list`);
}

/** Empty when it is absent. @throws MlbomError `E_MALFORMED` (`oci-type`) when it is no list of texts */
export function textsMember(object: JsonObject, name: string, what: string): readonly string[] {
  const list = listMember(object, name, what);
  const texts = list.filter((item) => typeof item === 'string');
  if (texts.length === list.length) return texts;
  throw malformed('type', what, `its ${name} is no list of texts`);
}

/** Empty when it is absent. @throws MlbomError `E_MALFORMED` (`oci-type`) when a value in it is no text */
export function stringMapMember(
  object: JsonObject,
  name: string,
  what: string,
): Readonly<Record<string, string>> {
  const map = objectMember(object, name, what) ?? {};
  const wrong = Object.values(map).some((value) => typeof value !== 'string');
  if (wrong) throw malformed('type', what, `its ${name} have a value that is no text`);
  return map as Record<string, string>;
}
