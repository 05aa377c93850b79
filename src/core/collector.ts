import type { Entry } from './entry.ts';
import type { Fact } from './fact.ts';
import type { FileList } from './file-list.ts';
import type { Finding, FindingRule } from './finding.ts';
import type { Problem } from './problem.ts';
import type { Run } from './run.ts';

/** What a collector makes of one entry. */
export interface Collected {
  readonly facts: readonly Fact[];
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  /** Lists of files that somebody installed. */
  readonly lists?: readonly FileList[];
  /** How something was made. */
  readonly runs?: readonly Run[];
  /** Members of an archive, for the walk to dispatch again, in order, each consumed before the next. */
  readonly children?: AsyncIterable<Entry>;
}

/** What a collector makes of an entry that has nothing to say. */
export const nothing: Collected = { facts: [], problems: [], findings: [] };

/**
 * Turns the entries of one technology into facts.
 * It never opens, walks, fetches or hashes, and imports no other collector.
 */
export interface FileCollector {
  /** The technology: `safetensors`. Unique in the registry; facts carry it. */
  readonly id: string;
  /** Raised when the same bytes give other facts. */
  readonly version: number;
  /** What it looks for; a collector that read a file without a finding says so with these. */
  readonly rules?: readonly FindingRule[];
  /** Pure: by name, size and the first `limits.headBytes` bytes. Content decides; a name alone is a claim. */
  wants(entry: Entry, head: Uint8Array): boolean;
  /**
   * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED` or `E_UNREADABLE`; the walk makes a problem of it
   */
  collect(entry: Entry, signal?: AbortSignal): Promise<Collected>;
  /**
   * Bytes from the start of a file beyond which it reads nothing, however large the file is. Of a file that passes by in
   * a stream, no more needs to be kept for it.
   */
  readonly readsFirst?: number;
  /** What an entry is that could not be read, by its name alone: unreadable weights are still a model's. */
  unread?(entry: Entry): Fact;
}
