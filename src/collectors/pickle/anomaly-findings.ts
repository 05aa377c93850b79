import { finding, type Finding, type FindingRule } from '../../core/finding.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import type { Pickle, PickleAnomalyKind } from '../../formats/pickle/pickle.ts';
import { bomb, brokenStream, divergent, frames, misplacedProtocol, notInFull, trailing } from './rules.ts';

/** Findings about the form of a pickle: for each kind, the first few. */
export function anomalyFindings({ anomalies }: Pickle, path: string): Finding[] {
  const counts = new Map<PickleAnomalyKind, number>();
  return anomalies.flatMap(({ kind, offset, length, message }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count > mostOfAKind) return [];
    const place = { offset, ...(length === undefined ? {} : { length }) };
    return [finding(rules[kind], path, `${message[0]?.toUpperCase() ?? ''}${message.slice(1)}`, place)];
  });
}

/** What was not read: the reason of the first error, or of the limit. */
export function anomalyProblems({ anomalies }: Pickle, path: string): Problem[] {
  const first = anomalies.find(({ kind }) => kind === 'broken' || kind === 'limit');
  if (!first) return [];
  return [incomplete(`pickle-${first.kind}`, path, `pickle: ${first.message} (at ${first.offset})`)];
}

const mostOfAKind = 16;

const rules: Readonly<Record<PickleAnomalyKind, FindingRule>> = {
  broken: brokenStream,
  'misplaced-proto': misplacedProtocol,
  frame: frames,
  trailing,
  'memo-bomb': bomb,
  expansion: bomb,
  divergent,
  limit: notInFull,
};
