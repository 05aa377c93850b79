/**
 * How a value is known:
 * `observed`: measured in the bytes; `declared`: somebody wrote it down; `derived`: computed from other values;
 * `verified`: declared, and the bytes confirmed it.
 */
export type Basis = 'observed' | 'declared' | 'derived' | 'verified';

/** Where a value was read, and how. */
export interface Evidence {
  readonly basis: Basis;
  /** The entry it was read from; the name of a declaration file; `layout` for a place's own structure. */
  readonly source: string;
  /** Where in the source: a header key, a JSON pointer, `front matter`. */
  readonly at?: string;
  /** The id of the collector, `store` or `declaration`. */
  readonly by: string;
}
