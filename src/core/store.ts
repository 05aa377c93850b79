import type { Entry, Excluded } from './entry.ts';
import type { Fact } from './fact.ts';
import type { Problem } from './problem.ts';

/** Where a store keeps its bytes, as far as anybody says. */
export interface Location {
  readonly provider: string;
  readonly region?: string;
  /** `api`: the provider's own interface said so; `declared`: a person did; `unknown`: nobody. */
  readonly evidence: 'api' | 'declared' | 'unknown';
}

/** Read access to the bytes at one place. */
export interface Store {
  readonly uri: string;
  /** A name for what lies here, from the place itself: a directory's name, a repository's id. */
  readonly name: string;
  /**
   * Everything at the place, sorted by path. What cannot be read is a problem, not an exception.
   * @throws MlbomError `E_NOT_FOUND` or `E_UNREADABLE` when the place itself is out of reach
   */
  entries(signal?: AbortSignal): AsyncIterable<Entry | Problem | Excluded>;
  location(): Promise<Location>;
  /** What the place's own layout states: a repository's id, a commit. */
  facts(): Promise<readonly Fact[]>;
}
