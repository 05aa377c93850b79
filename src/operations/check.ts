import type { Check, Outcome } from '../core/check.ts';

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
