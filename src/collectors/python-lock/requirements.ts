import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { incomplete } from '../../core/problem.ts';
import { linesOf } from '../../formats/lines.ts';
import { readAll } from '../../formats/read-all.ts';
import { lockedFacts, type Locked } from './locked.ts';
import { optionHeader } from './option.ts';
import { parseRequirement } from './requirement.ts';

/** pip's requirements file (pip.pypa.io/en/stable/reference/requirements-file-format). */
export async function collectRequirements(entry: Entry): Promise<Collected> {
  const { path } = entry;
  const text = decoded(await readAll(entry, limits.lockfileBytes, path), path);
  const packages: Locked[] = [];
  const headers: string[] = [];
  let others = 0;
  for (const line of logicalLines(text)) {
    const option = optionHeader(line);
    if (option !== undefined) {
      if (option !== '') headers.push(option);
      continue;
    }
    const requirement = parseRequirement(line.replace(/^(?:-e|--editable)[\s=]+/, ''));
    if (requirement) packages.push(requirement);
    // A path of the project itself is no package of anybody else's.
    else if (!/^(?:(?:-e|--editable)[\s=]+)?(?:\.{0,2}\/|\.$|\.\.?\[|file:|[A-Za-z]:\\)/.test(line)) others++;
  }
  if (others > packages.length)
    throw new MlbomError('E_MALFORMED', `${path}: not a list of requirements`, {
      subject: path,
      rule: 'requirements',
    });
  const reason = `${others} of its lines are no requirements`;
  const problems = others === 0 ? [] : [incomplete('requirements-line', path, reason)];
  return lockedFacts(
    path,
    { format: 'requirements.txt', headers: headers.slice(0, mostHeaders), problems },
    packages,
  );
}

const mostHeaders = 100;

/** PowerShell writes UTF-16. */
function decoded(bytes: Uint8Array, subject: string): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
  if (!text.includes('\0')) return text;
  throw new MlbomError('E_MALFORMED', `${subject}: not a text`, { subject, rule: 'requirements' });
}

/** Lines without comments; a backslash at the end joins a line with the next. */
function* logicalLines(text: string): Generator<string> {
  let parts: string[] = [];
  for (const raw of linesOf(text)) {
    const isJoined = raw.endsWith('\\');
    parts.push(isJoined ? raw.slice(0, -1) : raw);
    if (isJoined) continue;
    const line = withoutComment(parts.join(''));
    parts = [];
    if (line !== '') yield line;
  }
  const last = withoutComment(parts.join(''));
  if (last !== '') yield last;
}

function withoutComment(line: string): string {
  const comment = line.startsWith('#') ? 0 : line.search(/\s#/);
  return (comment < 0 ? line : line.slice(0, comment)).trim();
}
