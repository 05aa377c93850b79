import { MlbomError, type ErrorCode } from '../../core/errors.ts';

/** An archive that cannot be read: `zip-<rule>`. */
export function zipError(code: ErrorCode, rule: string, message: string, offset?: number): MlbomError {
  return new MlbomError(code, `zip: ${message}`, {
    rule: `zip-${rule}`,
    ...(offset === undefined ? {} : { offset }),
  });
}
