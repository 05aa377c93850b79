import type { FileCollector } from '../core/collector.ts';
import type { Entry } from '../core/entry.ts';
import { isMlbomError, messageOf, type ErrorCode } from '../core/errors.ts';
import type { Fact } from '../core/fact.ts';
import type { Finding } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import { incomplete, type Problem } from '../core/problem.ts';
import { throwIfAborted } from '../core/throw-if-aborted.ts';

/** What all collectors together make of entries. */
export interface Walked {
  readonly facts: readonly Fact[];
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
}

/**
 * Offers each entry, in order, to every collector that wants it, and members of archives again, to a depth limit.
 * What a collector cannot read becomes a problem of that entry; the others still see it.
 * @throws MlbomError `E_ABORTED`
 */
export async function walk(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  collectors: readonly FileCollector[],
  signal?: AbortSignal,
): Promise<Walked> {
  const facts: Fact[] = [];
  const problems: Problem[] = [];
  const findings: Finding[] = [];

  async function visit(list: Iterable<Entry> | AsyncIterable<Entry>, depth: number): Promise<void> {
    for await (const entry of list) {
      for (const collector of collectors) {
        throwIfAborted(signal);
        if (collector.wants(entry)) await offer(entry, collector, depth);
      }
    }
  }

  async function offer(entry: Entry, collector: FileCollector, depth: number): Promise<void> {
    try {
      const collected = await collector.collect(entry, signal);
      // One by one: an archive may give more of them than a call takes arguments.
      for (const fact of collected.facts) facts.push(fact);
      for (const problem of collected.problems) problems.push(problem);
      for (const finding of collected.findings) findings.push(finding);
      if (!collected.children) return;
      if (depth < limits.archiveDepth) await visit(collected.children, depth + 1);
      else
        problems.push(
          incomplete('archive-depth', entry.path, `archives nested deeper than ${limits.archiveDepth}`),
        );
    } catch (error) {
      if (isMlbomError(error) && error.code === 'E_ABORTED') throw error;
      problems.push(problemOf(error, entry, collector));
      if (collector.unread) facts.push(collector.unread(entry));
    }
  }

  await visit(entries, 0);
  return { facts, problems, findings };
}

/** Anything thrown is a result: a collector that fails on one file must not cost the others theirs. */
function problemOf(error: unknown, entry: Entry, collector: FileCollector): Problem {
  if (!isMlbomError(error)) {
    return incomplete('collector-failed', entry.path, `${collector.id}: ${messageOf(error)}`);
  }
  const code = error.rule ?? problemCodes[error.code] ?? 'unreadable';
  // The readers name their format, and the system the path; both stand beside the reason already.
  const message = error.message.replace(`${entry.path}: `, '').replace(`${collector.id}: `, '');
  return incomplete(code, entry.path, `${collector.id}: ${message}`);
}

const problemCodes: Partial<Record<ErrorCode, string>> = {
  E_MALFORMED: 'malformed',
  E_LIMIT: 'limit',
  E_UNSUPPORTED: 'unsupported',
};
