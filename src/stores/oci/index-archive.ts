import type { ByteSource } from '../../core/entry.ts';
import { MlbomError, withSubject } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';
import { readTar, type TarAnomaly, type TarMember } from '../../formats/tar/read-tar.ts';

/** The members of an image's archive by their names, without `./` and doubled slashes. */
export type ArchiveMembers = ReadonlyMap<string, TarMember>;

/**
 * Reads the headers of an archive and nothing else. What two readers could take for two different archives is refused:
 * a name that stands there twice, members or other bytes after the end, sizes that contradict each other.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function indexArchive(
  source: ByteSource,
  place: string,
  signal?: AbortSignal,
): Promise<ArchiveMembers> {
  const members = new Map<string, TarMember>();
  const unended: TarAnomaly[] = [];
  const report = (anomaly: TarAnomaly): void => {
    const { kind, offset, detail } = anomaly;
    if (kind !== 'no-end') throw twofold(place, kind, detail, offset);
    unended.push(anomaly);
  };
  let count = 0;
  try {
    for await (const member of readTar(source, report)) {
      throwIfAborted(signal);
      if (++count > limits.archiveMembers) {
        throw new MlbomError('E_LIMIT', `${place}: more than ${limits.archiveMembers} members`, {
          subject: place,
          rule: 'archive-members',
        });
      }
      add(members, member, place);
    }
    if (unended.length === 0) await checkTail(source, place);
  } catch (error) {
    throw withSubject(error, place);
  }
  return members;
}

/** A member, with links followed inside the archive. @throws MlbomError `E_MALFORMED`, `E_UNSUPPORTED` */
export function memberAt(members: ArchiveMembers, name: string, place: string): TarMember | undefined {
  let path = normalised(name, place);
  for (let links = 0; links <= linkDepth; links++) {
    const member = members.get(path);
    if (member === undefined || member.type === 'file') return member;
    if (member.type === 'sparse') {
      throw new MlbomError('E_UNSUPPORTED', `${place}: ${path} is a sparse file`, { subject: place });
    }
    if (member.type !== 'link' && member.type !== 'hard-link') {
      throw malformed(place, 'member', `${path} is no regular file`, member.header);
    }
    path = targetOf(path, member, place);
  }
  throw malformed(place, 'links', `${name.slice(0, 160)} is behind more than ${linkDepth} links`);
}

/** Docker's archives have one link from a layer to its file. */
const linkDepth = 8;

function add(members: Map<string, TarMember>, member: TarMember, place: string): void {
  const name = normalised(member.name, place);
  const other = members.get(name);
  if (other !== undefined && !(other.type === 'directory' && member.type === 'directory')) {
    throw twofold(place, 'duplicate', `${name.slice(0, 160)} stands in it twice`, member.header);
  }
  members.set(name, member);
}

function normalised(name: string, place: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (!parts.includes('..') && !name.includes('\0')) return parts.join('/');
  throw malformed(place, 'name', `the name ${JSON.stringify(name.slice(0, 160))} leads out of it`);
}

/** A symbolic link starts at its directory, a hard link at the root of the archive. */
function targetOf(path: string, { type, link = '', header }: TarMember, place: string): string {
  if (type === 'hard-link') return normalised(link, place);
  const parts = path.split('/').slice(0, -1);
  for (const part of link.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw malformed(place, 'links', 'a link leads out of it', header);
  }
  if (link.startsWith('/')) throw malformed(place, 'links', 'a link leads out of it', header);
  return parts.join('/');
}

/** Blocks are whole: what is left after the last one is looked at by no reader of tars. */
async function checkTail(source: ByteSource, place: string): Promise<void> {
  const length = source.size % 512;
  const offset = source.size - length;
  const tail = await source.read({ offset, length });
  if (tail.some((byte) => byte !== 0)) {
    throw twofold(place, 'trailing-data', `${length} bytes after its end`, offset);
  }
}

function twofold(place: string, rule: string, detail: string, offset: number): MlbomError {
  return malformed(place, rule, `an archive that is read in two ways: ${detail}`, offset);
}

function malformed(place: string, rule: string, detail: string, offset?: number): MlbomError {
  return new MlbomError('E_MALFORMED', `${place}: ${detail}`, {
    subject: place,
    rule: `archive-${rule}`,
    ...(offset !== undefined && { offset }),
  });
}
