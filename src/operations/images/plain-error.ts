import { isMlbomError, messageOf, MlbomError, type ErrorCode } from '../../core/errors.ts';

/** An error as plain data: the classes of errors do not cross from thread to thread. */
export interface PlainError {
  readonly code?: ErrorCode;
  readonly message: string;
  readonly subject?: string;
  readonly next?: string;
  readonly offset?: number;
  readonly rule?: string;
}

export function plainError(error: unknown): PlainError {
  const message = messageOf(error);
  if (!isMlbomError(error)) return { message };
  const { code, subject, next, offset, rule } = error;
  return {
    code,
    message,
    ...(subject === undefined ? {} : { subject }),
    ...(next === undefined ? {} : { next }),
    ...(offset === undefined ? {} : { offset }),
    ...(rule === undefined ? {} : { rule }),
  };
}

export function errorFrom({ code, message, ...details }: PlainError): Error {
  return code === undefined ? new Error(message) : new MlbomError(code, message, details);
}
