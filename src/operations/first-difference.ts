import { canonicalJson } from '../core/canonical-json.ts';
import { isObject } from '../core/json.ts';
import { escapeToken } from '../core/json-pointer.ts';

/** JSON Pointer (RFC 6901) of the first place, in the order of names, where two JSON values differ. */
export function firstDifference(a: unknown, b: unknown): string | undefined {
  const [left, right] = [membersOf(a), membersOf(b)];
  if (!left || !right || Array.isArray(a) !== Array.isArray(b)) {
    return canonicalJson(a) === canonicalJson(b) ? undefined : '';
  }
  for (const name of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    if (left.has(name) !== right.has(name)) return step(name);
    const below = firstDifference(left.get(name), right.get(name));
    if (below !== undefined) return step(name) + below;
  }
  return undefined;
}

function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item: unknown, index) => [String(index), item]));
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}

function step(name: string): string {
  return `/${escapeToken(name)}`;
}
