import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { isMlbomError } from '../../core/errors.ts';
import { finding, type Finding, type FindingRule } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { memberEntry } from '../../core/member-entry.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { shortened } from '../../core/shortened.ts';
import { escapes } from '../../formats/escapes.ts';
import { subrange } from '../../formats/subrange.ts';
import { isTar } from '../../formats/tar/is-tar.ts';
import { readTar, type TarAnomaly, type TarMember } from '../../formats/tar/read-tar.ts';
import { attributesFrom } from '../attributes.ts';
import { withinBudget } from '../member-budget.ts';
import { problemOf } from '../problem-of.ts';
import { resolveLink } from '../resolve-link.ts';
import { device, duplicateName, escapingLink, escapingName, ruleOf, tarRules } from './rules.ts';

/** Findings by one rule that are told one by one. */
const mostFindings = 16;

/** Tar archives: what does not belong in one, and their members for the others. */
export const tar: FileCollector = {
  id: 'tar',
  version: 1,
  rules: tarRules,
  wants: (_entry, head) => isTar(head),
  async collect(entry): Promise<Collected> {
    const findings = findingList(entry.path);
    const { members, problems } = await membersOf(entry, findings);
    const derived = attributesFrom(entry.path, 'tar', 'derived');
    derived.add('mlbom:file:format', 'tar');
    if (problems.length === 0) derived.add('mlbom:file:header', `members=${members.length}`);
    const about = { kind: 'file', path: entry.path } as const;
    // Of an archive in another file nobody asks for the format.
    const facts =
      entry.container === undefined && members.length > 0
        ? [{ about, type: 'file', attributes: derived.list, relations: [] } as const]
        : [];
    return {
      facts,
      problems,
      findings: findings.list,
      children: withinBudget(entry, entriesOf(entry, members)),
    };
  },
};

/** What was read before the archive broke, or became too long, is still told. */
async function membersOf(
  entry: Entry,
  findings: FindingList,
): Promise<{ members: readonly TarMember[]; problems: readonly Problem[] }> {
  const members: TarMember[] = [];
  const problems: Problem[] = [];
  const names = new Set<string>();
  let sparse = 0;
  try {
    const odd = (anomaly: TarAnomaly): void => {
      addAnomaly(findings, anomaly);
    };
    for await (const member of readTar(entry, odd)) {
      if (members.length === limits.tarMembers) {
        const reason = `only the first ${limits.tarMembers} members were looked at`;
        problems.push(incomplete('archive-members', entry.path, reason));
        break;
      }
      members.push(member);
      examine(member, names, findings);
      if (member.type === 'sparse') sparse++;
    }
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_ABORTED') throw error;
    problems.push(problemOf(error, entry, tar));
  }
  if (sparse > 0) {
    problems.push(incomplete('unsupported', entry.path, `${sparse} sparse members were not looked at`));
  }
  return { members, problems };
}

function examine(member: TarMember, names: Set<string>, findings: FindingList): void {
  const { name, type, link = '' } = member;
  if (escapes(name)) findings.add(escapingName, member, 'its name leads out of the place it is unpacked to');
  // A hard link names a member from the root, a symbolic one from where it stands.
  if (type === 'link' && escapes(resolveLink(name, link)))
    findings.add(escapingLink, member, `it leads to ${quoted(link)}`);
  if (type === 'hard-link' && escapes(link))
    findings.add(escapingLink, member, `it leads to ${quoted(link)}`);
  if (type === 'device' || type === 'fifo') findings.add(device, member, `it is a ${type}`);
  if (names.has(name) && type !== 'directory')
    findings.add(duplicateName, member, 'another member has the same name');
  names.add(name);
}

function* entriesOf(entry: Entry, members: readonly TarMember[]): Generator<Entry> {
  for (const { name, type, offset, size } of members) {
    if (type === 'file' && size > 0)
      yield memberEntry(entry, name, subrange(entry, { offset, length: size }));
  }
}

function quoted(text: string): string {
  return JSON.stringify(shortened(text, 200));
}

/** Findings about one archive, without letting it have thousands of them. */
interface FindingList {
  readonly list: readonly Finding[];
  add(rule: FindingRule, member: Pick<TarMember, 'name' | 'header'>, detail: string): void;
}

function findingList(path: string): FindingList {
  const list: Finding[] = [];
  const counts = new Map<string, number>();
  return {
    list,
    add(rule, { name, header }, detail) {
      const count = (counts.get(rule.id) ?? 0) + 1;
      counts.set(rule.id, count);
      if (count > mostFindings) return;
      const symbol = shortened(name, limits.provenanceText);
      const place = { offset: header, ...(symbol === '' ? {} : { symbol }) };
      list.push(finding(rule, path, symbol === '' ? detail : `${symbol}: ${detail}`, place));
    },
  };
}

function addAnomaly(findings: FindingList, { kind, offset, member = '', detail }: TarAnomaly): void {
  if (kind !== 'no-end') findings.add(ruleOf[kind], { name: member, header: offset }, detail);
}
