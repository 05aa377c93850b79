import { nothing, type Collected, type FileCollector } from '../core/collector.ts';
import type { Entry } from '../core/entry.ts';
import { isMlbomError } from '../core/errors.ts';
import type { Fact } from '../core/fact.ts';
import type { FileList } from '../core/file-list.ts';
import type { Finding } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import { incomplete, type Problem } from '../core/problem.ts';
import type { Run } from '../core/run.ts';
import { throwIfAborted } from '../core/throw-if-aborted.ts';
import { turn } from '../core/turn.ts';
import { ofContainer } from './of-container.ts';
import { problemOf } from './problem-of.ts';

/** What all collectors together make of entries. */
export interface Walked {
  readonly facts: readonly Fact[];
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  readonly lists: readonly FileList[];
  readonly runs: readonly Run[];
  /** By path, the collectors that looked through a file with rules of theirs and could read it: `pickle 1`. */
  readonly examined: ReadonlyMap<string, readonly string[]>;
}

/**
 * Offers each entry, in order, to every collector that wants it, and members of archives again, to a depth limit.
 * What a collector cannot read becomes a problem of that entry; the others still see it.
 * What is stated of a member is stated of the file that holds it.
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
  const lists: FileList[] = [];
  const runs: Run[] = [];
  const examined = new Map<string, string[]>();
  let visited = 0;

  async function visit(list: Iterable<Entry> | AsyncIterable<Entry>, depth: number): Promise<void> {
    for await (const entry of list) {
      throwIfAborted(signal);
      if (++visited % entriesAtOnce === 0) await turn();
      const head = await headOf(entry);
      for (const collector of collectors) {
        if (!collector.wants(entry, head)) continue;
        throwIfAborted(signal);
        await offer(entry, collector, depth);
      }
    }
  }

  /** Without its first bytes an entry is known by its name; whoever wants it then says why it cannot be read. */
  async function headOf(entry: Entry): Promise<Uint8Array> {
    try {
      return await entry.head(limits.headBytes);
    } catch (error) {
      keep(entry, empty([problemOf(error, entry)]));
      return new Uint8Array();
    }
  }

  async function offer(entry: Entry, collector: FileCollector, depth: number): Promise<void> {
    try {
      const collected = await collector.collect(entry, signal);
      keep(entry, collected);
      // Who had nothing to say of the file has not looked through it.
      if (collector.rules && collected !== nothing && collected.problems.every(isNoGap))
        note(entry, collector);
      if (!collected.children) return;
      if (depth < limits.archiveDepth) await visit(collected.children, depth + 1);
      else {
        const reason = `archives nested deeper than ${limits.archiveDepth}`;
        keep(entry, empty([incomplete('archive-depth', entry.path, reason)]));
      }
    } catch (error) {
      if (isMlbomError(error) && error.code === 'E_ABORTED') throw error;
      const unread = collector.unread && !entry.container ? [collector.unread(entry)] : [];
      keep(entry, { ...empty([problemOf(error, entry, collector)]), facts: unread });
    }
  }

  function keep(entry: Entry, collected: Collected): void {
    const stated = ofContainer(entry, collected);
    // One by one: an archive may give more of them than a call takes arguments.
    for (const fact of stated.facts) facts.push(fact);
    for (const problem of stated.problems) problems.push(problem);
    for (const finding of stated.findings) findings.push(finding);
    for (const list of stated.lists ?? []) lists.push(list);
    for (const run of stated.runs ?? []) runs.push(run);
  }

  function note({ path, container }: Entry, { id, version }: FileCollector): void {
    const by = `${id} ${version}`;
    const known = examined.get(container ?? path);
    if (!known) examined.set(container ?? path, [by]);
    else if (!known.includes(by)) known.push(by);
  }

  await visit(entries, 0);
  return { facts, problems, findings, lists, runs, examined };
}

/** Entries after which others have their turn: what is read without waiting would keep signals and threads out. */
const entriesAtOnce = 64;

function empty(problems: readonly Problem[]): Collected {
  return { facts: [], problems, findings: [] };
}

function isNoGap({ effect }: Problem): boolean {
  return effect !== 'incomplete';
}
