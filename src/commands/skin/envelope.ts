import type { Check, Outcome } from '../../core/check.ts';
import type { Problem } from '../../core/problem.ts';

/** A document that a command wrote. */
export interface Output {
  readonly format: string;
  readonly path: string;
  /** SHA-256 of what was written. */
  readonly sha256: string;
}

/** An error as `--json` shows it. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly subject?: string;
  readonly next?: string;
}

/** What every command prints under `--json`: one of these, never a BOM. */
export interface Envelope {
  readonly ok: boolean;
  readonly verdict: Outcome;
  readonly checks: readonly Check[];
  readonly problems: readonly (Problem | ErrorReport)[];
  readonly outputs: readonly Output[];
  /** What is particular to the command. */
  readonly result?: unknown;
}

/** An envelope with what is given, and nothing in the rest. */
export function envelope(verdict: Outcome, parts: Partial<Envelope> = {}): Envelope {
  return { ok: verdict === 'pass', verdict, checks: [], problems: [], outputs: [], ...parts };
}
