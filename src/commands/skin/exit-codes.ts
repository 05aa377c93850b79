import type { ErrorCode } from '../../core/errors.ts';
import type { Outcome } from '../../core/check.ts';

/** The exit codes that scripts rely on; the same in text and in JSON. */
export const exitCodes = {
  yes: 0,
  no: 1,
  usage: 2,
  undecided: 3,
  internal: 70,
  interrupted: 130,
} as const;

const byError: Record<ErrorCode, number> = {
  E_USAGE: exitCodes.usage,
  E_CONFIG: exitCodes.usage,
  E_KEY: exitCodes.usage,
  E_MALFORMED: exitCodes.no,
  E_LIMIT: exitCodes.undecided,
  E_UNSUPPORTED: exitCodes.undecided,
  E_NOT_FOUND: exitCodes.undecided,
  E_UNREADABLE: exitCodes.undecided,
  E_DIGEST: exitCodes.no,
  E_UNREACHABLE: exitCodes.undecided,
  E_UNWRITABLE: exitCodes.undecided,
  E_ABORTED: exitCodes.interrupted,
  E_INTERNAL: exitCodes.internal,
};

export function exitCodeOfError(code: ErrorCode): number {
  return byError[code];
}

export function exitCodeOfOutcome(outcome: Outcome): number {
  return { pass: exitCodes.yes, fail: exitCodes.no, unknown: exitCodes.undecided }[outcome];
}
