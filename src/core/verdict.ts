import type { Check, Outcome } from './check.ts';

/** The answer to a whole question, made from its checks. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly checks: readonly Check[];
}

/**
 * `pass` when every required check passed and at least one ran; a required failure is a `fail`;
 * anything else, and nothing at all, is `unknown`.
 */
export function verdictOf(checks: readonly Check[]): Verdict {
  const required = checks.filter((check) => check.required);
  if (required.some((check) => check.outcome === 'fail')) return { outcome: 'fail', checks };
  const passed = required.length > 0 && required.every((check) => check.outcome === 'pass');
  return { outcome: passed ? 'pass' : 'unknown', checks };
}
