import type { Entry } from '../../core/entry.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { isMlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { escapes } from '../../formats/escapes.ts';
import { memberDamage } from '../../formats/zip/member-intact.ts';
import { memberSource } from '../../formats/zip/member-source.ts';
import { anomaliesPerKind, type Zip, type ZipAnomaly, type ZipMember } from '../../formats/zip/zip-types.ts';
import { resolveLink } from '../resolve-link.ts';
import { ruleOf } from './rules.ts';

/** Members whose CRC is checked: the small ones, which are what a loader interprets; tensors are none of them. */
const checkedMember = 4 * 1024 * 1024;
const checkedInAll = 32 * 1024 * 1024;

/** A finding for each anomaly of the archive, and for what shows only when members are read. */
export async function anomalyFindings(entry: Entry, archive: Zip): Promise<Finding[]> {
  const listed = archive.anomalies.filter(({ kind }) => kind !== 'link');
  const more = [...(await linkAnomalies(entry, archive)), ...(await damageAnomalies(entry, archive))];
  const findings = [...listed, ...more].flatMap((anomaly) => findingOf(entry, anomaly));
  return [...findings, ...countFindings(entry, archive)];
}

function findingOf(entry: Entry, { kind, offset, member, detail }: ZipAnomaly): Finding[] {
  if (kind === 'link') return [];
  const symbol = member === undefined ? undefined : shortened(member, limits.provenanceText);
  const message = symbol === undefined ? detail : `${symbol}: ${detail}`;
  return [
    finding(ruleOf[kind], entry.path, message, { offset, ...(symbol === undefined ? {} : { symbol }) }),
  ];
}

/** Anomalies that are not listed one by one. */
function countFindings(entry: Entry, { counts }: Zip): Finding[] {
  return [...counts].flatMap(([kind, count]) =>
    kind === 'link' || count <= anomaliesPerKind
      ? []
      : [finding(ruleOf[kind], entry.path, `${count - anomaliesPerKind} more of the kind "${kind}"`)],
  );
}

async function linkAnomalies(entry: Entry, { members }: Zip): Promise<ZipAnomaly[]> {
  const found: ZipAnomaly[] = [];
  const links = members.filter(({ type }) => type === 'link');
  for (const link of links.slice(0, limits.linksPerArchive)) {
    const target = await targetOf(entry, link);
    if (target !== undefined && !escapes(resolveLink(link.name, target))) continue;
    if (found.length === anomaliesPerKind) break;
    const detail = 'it is a symbolic link that leads out of the archive';
    found.push({ kind: 'escaping-name', offset: link.offset, member: link.name, detail });
  }
  return found;
}

/** Nothing where it cannot be read: then nobody knows where it leads. */
async function targetOf(entry: Entry, link: ZipMember): Promise<string | undefined> {
  try {
    const bytes = memberSource(entry, link);
    return Buffer.from(
      await bytes.read({ offset: 0, length: Math.min(bytes.size, limits.pathLength) }),
    ).toString();
  } catch (error) {
    if (isMlbomError(error) && error.code !== 'E_UNREADABLE') return undefined;
    throw error;
  }
}

async function damageAnomalies(entry: Entry, { members }: Zip): Promise<ZipAnomaly[]> {
  const found: ZipAnomaly[] = [];
  const small = members
    .filter((member) => member.known !== 'other-name' && !member.overlaps && member.data)
    .filter(({ size }) => size > 0 && size <= checkedMember)
    .sort((a, b) => a.size - b.size);
  let left = checkedInAll;
  for (const member of small) {
    left -= member.size;
    if (left < 0 || found.length === anomaliesPerKind) break;
    const detail = await memberDamage(entry, member);
    if (detail !== undefined) found.push({ kind: 'crc', offset: member.offset, member: member.name, detail });
  }
  return found;
}
