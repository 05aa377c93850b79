import type { FileCollector } from '../../src/core/collector.ts';
import type { Entry } from '../../src/core/entry.ts';
import { isMlbomError } from '../../src/core/errors.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Problem } from '../../src/core/problem.ts';

export interface CollectedMembers {
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  /** Text by path. */
  readonly members: Readonly<Record<string, string>>;
  /** What the members ended with, where it was an error. */
  readonly stopped?: string;
}

/** What an archive's collector says, and all the members that it offers. */
export async function collectMembers(collector: FileCollector, entry: Entry): Promise<CollectedMembers> {
  const { findings, problems, children } = await collector.collect(entry);
  const members: Record<string, string> = {};
  try {
    for await (const member of children ?? []) {
      members[member.path] = Buffer.from(await member.read({ offset: 0, length: member.size })).toString();
    }
  } catch (error) {
    if (!isMlbomError(error)) throw error;
    return { findings, problems, members, stopped: `${error.code} ${error.rule}` };
  }
  return { findings, problems, members };
}
