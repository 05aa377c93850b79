/**
 * What a problem does to the result:
 * `incomplete`: something was not read, so the BOM says less than the place holds;
 * `contradiction`: two statements, or a statement and the bytes, do not fit.
 */
export type ProblemEffect = 'incomplete' | 'contradiction';

/** What could not be read or does not fit, with its reason. It reaches the BOM and the report. */
export interface Problem {
  readonly kind: 'problem';
  /** Stable: `symlink-escapes`, `malformed`, `shard-missing`, … */
  readonly code: string;
  readonly effect: ProblemEffect;
  /** The path it is about, `.` for the whole place. */
  readonly path: string;
  readonly reason: string;
}

/** Something at `path` was not read. */
export function incomplete(code: string, path: string, reason: string): Problem {
  return problem(code, 'incomplete', path, reason);
}

/** Something at `path` does not fit with something else. */
export function contradiction(code: string, path: string, reason: string): Problem {
  return problem(code, 'contradiction', path, reason);
}

/** A reason may quote the beginning of a hostile text, cut inside a character, which no BOM can carry. */
function problem(code: string, effect: ProblemEffect, path: string, reason: string): Problem {
  return { kind: 'problem', code, effect, path, reason: reason.toWellFormed() };
}
