import type { Collected, FileCollector } from '../core/collector.ts';
import type { Entry } from '../core/entry.ts';
import { isMlbomError } from '../core/errors.ts';
import { finding, type FindingRule } from '../core/finding.ts';
import { problemOf } from './problem-of.ts';

/** What is known of a refusal, by the name that the reader gives it: `gguf-tensor-past-end`. */
export type RefusalRules = Readonly<Record<string, FindingRule>>;

/**
 * What is left of a file that its reader refused: the problem and, where other readers were attacked with such a
 * file, a finding beside it.
 * @throws the error itself when none of the rules is about it; the walk makes a problem of it
 */
export function refused(
  error: unknown,
  entry: Entry,
  collector: FileCollector,
  rules: RefusalRules,
): Collected {
  if (!isMlbomError(error) || error.rule === undefined || !Object.hasOwn(rules, error.rule)) throw error;
  const rule = rules[error.rule];
  if (!rule) throw error;
  const { offset, subject } = error;
  return {
    facts: collector.unread && !entry.container ? [collector.unread(entry)] : [],
    problems: [problemOf(error, entry, collector)],
    findings: [
      finding(rule, entry.path, error.message.replace(/^[a-z ]+: /, ''), {
        ...(offset === undefined ? {} : { offset }),
        ...(subject === undefined ? {} : { symbol: subject }),
      }),
    ],
  };
}
