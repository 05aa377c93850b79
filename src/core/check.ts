/** `unknown` means that the question could not be decided. It is never a pass. */
export type Outcome = 'pass' | 'fail' | 'unknown';

/** One question with its answer. */
export interface Check {
  /** Stable: `signature`, `bytes`. */
  readonly id: string;
  readonly outcome: Outcome;
  /** An informational check never decides a verdict. */
  readonly required: boolean;
  /** What it is about: a path, a URI, an identity. */
  readonly subject?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly why: string;
}
