import type { Severity } from './severity.ts';

/** A rule about dangerous content that matched. */
export interface Finding {
  /** Stable: `MLB-<AREA>-nnn`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly path: string;
  readonly message: string;
  readonly cwe?: number;
  /** Byte offset in the file, where there is one. */
  readonly offset?: number;
}
