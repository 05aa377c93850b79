import { isObject } from './json.ts';

/** The member of an object when it is a non-empty string; own members only. */
export function textAt(value: unknown, ...names: string[]): string | undefined {
  const found = valueAt(value, ...names);
  return typeof found === 'string' && found.trim() !== '' ? found : undefined;
}

/** The member of an object when it is a finite number. */
export function numberAt(value: unknown, ...names: string[]): number | undefined {
  const found = valueAt(value, ...names);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** The member of an object when it is a list of strings, or a single string; empty otherwise. */
export function textsAt(value: unknown, ...names: string[]): string[] {
  const found = valueAt(value, ...names);
  const list = Array.isArray(found) ? found : [found];
  return list.filter((item): item is string => typeof item === 'string' && item.trim() !== '');
}

/** True for what counts something: an integer from 0 that a number holds exactly. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A nested member, or undefined where the path ends. */
export function valueAt(value: unknown, ...names: string[]): unknown {
  for (const name of names) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
