import { isCount } from '../../core/json-access.ts';
import type { GgufValue } from '../../formats/gguf.ts';

/** Typed access to a GGUF file's key-value pairs; a value of another type than asked for is absent. */
export class GgufMetadata {
  readonly #values: ReadonlyMap<string, GgufValue>;

  constructor(values: ReadonlyMap<string, GgufValue>) {
    this.#values = values;
  }

  keys(): Iterable<string> {
    return this.#values.keys();
  }

  text(key: string): string | undefined {
    const value = this.#values.get(key);
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  }

  number(key: string): number | undefined {
    const value = this.#values.get(key);
    return isCount(value) ? value : undefined;
  }

  /** A list of strings, where it was small enough to be kept. */
  texts(key: string): string[] {
    const value = this.#values.get(key);
    if (typeof value !== 'object' || !('values' in value)) return [];
    return value.values.filter((item): item is string => typeof item === 'string' && item !== '');
  }

  /** The length of an array, kept or not. */
  length(key: string): number | undefined {
    const value = this.#values.get(key);
    return typeof value === 'object' && 'length' in value ? value.length : undefined;
  }
}
