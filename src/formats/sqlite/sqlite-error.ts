import { MlbomError, type ErrorCode } from '../../core/errors.ts';

/** An error of a SQLite reader; `rule` is the finer name without `sqlite-`. */
export function sqliteError(code: ErrorCode, rule: string, message: string, offset?: number): MlbomError {
  return new MlbomError(code, `sqlite: ${message}`, {
    rule: `sqlite-${rule}`,
    ...(offset === undefined ? {} : { offset }),
  });
}
