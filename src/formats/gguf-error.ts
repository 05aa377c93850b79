import { MlbomError } from '../core/errors.ts';

/** An error of the GGUF reader, with the rule `gguf-<rule>`; `subject` is the key or tensor that it is about. */
export function ggufError(
  code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED',
  rule: string,
  message: string,
  offset?: number,
  subject?: string,
): MlbomError {
  return new MlbomError(code, `gguf: ${message}`, {
    rule: `gguf-${rule}`,
    ...(offset === undefined ? {} : { offset }),
    ...(subject === undefined ? {} : { subject: subject.slice(0, 200) }),
  });
}
