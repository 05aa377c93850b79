import { MlbomError, type ErrorCode } from '../../core/errors.ts';

/** What is wrong with a document of an image: `oci-<rule>`. `what` names the document: `the manifest sha256:…`. */
export function ociError(code: ErrorCode, rule: string, what: string, message: string): MlbomError {
  return new MlbomError(code, `${what}: ${message}`, { subject: what, rule: `oci-${rule}` });
}

export function malformed(rule: string, what: string, message: string): MlbomError {
  return ociError('E_MALFORMED', rule, what, message);
}

/** The beginning of a hostile text, for a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 120).toWellFormed());
}
