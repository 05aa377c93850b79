import type { Basis, Evidence } from '../core/evidence.ts';
import { attribute, type Attribute, type AttributeName, type Attributes } from '../core/fact.ts';
import { limits } from '../core/limits.ts';
import { shortened } from '../core/shortened.ts';

/** Collects attributes that share a source; a value that is undefined or empty is nothing to say. */
export interface AttributeList {
  readonly list: readonly Attribute[];
  /** Texts beyond their limit end with an ellipsis. */
  add<N extends AttributeName>(name: N, value: Attributes[N] | undefined, at?: string): void;
  evidence(at?: string): Evidence;
}

/** An empty list whose attributes will all come from `source`, read by the collector `by`. */
export function attributesFrom(source: string, by: string, basis: Basis = 'declared'): AttributeList {
  const list: Attribute[] = [];
  function evidence(at?: string): Evidence {
    return at === undefined
      ? { basis, source, by }
      : { basis, source, at: shortened(at, limits.versionText), by };
  }
  return {
    list,
    evidence,
    add(name, value, at) {
      if (value === undefined || isEmpty(value)) return;
      const longest = name === 'version' ? limits.versionText : limits.attributeText;
      list.push(attribute(name, withShortTexts(value, longest), evidence(at)));
    },
  };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0;
}

/** The value with no text in it longer than `longest` UTF-16 units. */
function withShortTexts<T>(value: T, longest: number): T {
  return shorten(value) as T;

  function shorten(part: unknown): unknown {
    if (typeof part === 'string') return shortened(part, longest);
    if (Array.isArray(part)) return part.map(shorten);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, shorten(item)]));
  }
}
