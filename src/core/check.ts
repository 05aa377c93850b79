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

/** A required check. */
export function check(id: string, outcome: Outcome, why: string, rest: Partial<Check> = {}): Check {
  return { id, outcome, required: true, why, ...rest };
}

/** A check that tells something and decides nothing. */
export function note(id: string, outcome: Outcome, why: string, rest: Partial<Check> = {}): Check {
  return { id, outcome, required: false, why, ...rest };
}

/** A check whose question was not asked. */
export function notExamined(id: string): Check {
  return check(id, 'unknown', 'not examined, because an earlier check did not pass');
}
