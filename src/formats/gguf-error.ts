import { MlbomError } from '../core/errors.ts';

/** An error of the GGUF reader, with the rule `gguf-<rule>`. */
export function ggufError(
  code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED',
  rule: string,
  message: string,
  offset?: number,
): MlbomError {
  return new MlbomError(code, `gguf: ${message}`, {
    rule: `gguf-${rule}`,
    ...(offset === undefined ? {} : { offset }),
  });
}
