import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { memberEntry } from '../../core/member-entry.ts';
import { memberSource } from '../../formats/zip/member-source.ts';
import type { Zip, ZipMember } from '../../formats/zip/zip-types.ts';

/** Members over one another that are offered: more of them are a bomb, which its own rule tells of. */
const mostOverlapping = 16;
/** What all packed members together may unpack to: this, or a hundred times the archive. */
const unpackedInAll = 4 * 1024 ** 3;
const unpackedRatio = 100;

/**
 * The files in an archive, in the order in which they lie there, under every name that they go by.
 * @throws MlbomError `E_LIMIT` (`zip-unpacked`, `zip-overlap`), `E_MALFORMED` (`zip-local-header`) after the last one,
 * for those that could not be offered
 */
export function* membersOf(entry: Entry, { members }: Zip): Generator<Entry> {
  let left = Math.max(unpackedInAll, unpackedRatio * entry.size);
  let overlapping = 0;
  let missing = 0;
  for (const member of members) {
    if (member.type !== 'file' || member.size === 0) continue;
    if (!member.data) {
      missing++;
      continue;
    }
    if (member.overlaps && ++overlapping > mostOverlapping) continue;
    left -= packedBytes(member);
    if (left < 0) throw stopped('E_LIMIT', 'zip-unpacked', 'its members unpack to more than is read');
    yield memberEntry(entry, member.name, memberSource(entry, member));
  }
  if (overlapping > mostOverlapping) {
    const count = overlapping - mostOverlapping;
    throw stopped('E_LIMIT', 'zip-overlap', `${count} members over one another were not looked at`);
  }
  if (missing > 0)
    throw stopped('E_MALFORMED', 'zip-local-header', `${missing} members have no content that can be read`);
}

function packedBytes({ method, size }: ZipMember): number {
  return method === 0 ? 0 : size;
}

function stopped(code: 'E_LIMIT' | 'E_MALFORMED', rule: string, message: string): MlbomError {
  return new MlbomError(code, message, { rule });
}
