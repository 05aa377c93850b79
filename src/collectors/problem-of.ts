import type { Entry } from '../core/entry.ts';
import { isMlbomError, messageOf, type ErrorCode } from '../core/errors.ts';
import { incomplete, type Problem } from '../core/problem.ts';

/** Anything thrown is a result: a collector that fails on one file must not cost the others theirs. */
export function problemOf(error: unknown, entry: Entry, collector?: { readonly id: string }): Problem {
  const by = collector ? `${collector.id}: ` : '';
  if (!isMlbomError(error)) return incomplete('collector-failed', entry.path, `${by}${messageOf(error)}`);
  const code = error.rule ?? problemCodes[error.code] ?? 'unreadable';
  // The readers name their format, and the system the path; both stand beside the reason already.
  const message = error.message.replace(`${entry.path}: `, '').replace(by, '');
  return incomplete(code, entry.path, `${by}${message}`);
}

const problemCodes: Partial<Record<ErrorCode, string>> = {
  E_MALFORMED: 'malformed',
  E_LIMIT: 'limit',
  E_UNSUPPORTED: 'unsupported',
};
