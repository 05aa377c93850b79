import type { Excluded } from '../core/entry.ts';
import type { Fact } from '../core/fact.ts';
import type { FileList } from '../core/file-list.ts';
import type { Finding } from '../core/finding.ts';
import type { FileItem, WholeArtifact } from '../core/inventory.ts';
import type { Problem } from '../core/problem.ts';
import type { Run } from '../core/run.ts';
import type { CollectedImage } from './collected-image.ts';

/** Everything that was found and hashed in one source. */
export interface CollectedArtifact {
  /** What the source calls itself. */
  readonly name: string;
  readonly files: readonly FileItem[];
  /** Absent for images: their digest is the one of their manifest. */
  readonly whole?: WholeArtifact;
  readonly image?: CollectedImage;
  readonly excluded: readonly Excluded[];
  readonly facts: readonly Fact[];
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  readonly lists: readonly FileList[];
  readonly runs: readonly Run[];
  /** By path, the collectors that looked through a file with their rules. */
  readonly examined: ReadonlyMap<string, readonly string[]>;
}
