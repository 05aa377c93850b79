import { isHexOf } from '../../core/digest.ts';
import type { FileList, ListedFile } from '../../core/file-list.ts';
import { contradiction, type Problem } from '../../core/problem.ts';
import { linesOf } from '../../formats/lines.ts';
import { installedPath } from '../installed-path.ts';
import { dpkgKey, type DpkgPlace } from './place.ts';

/** What images are told to leave out at installation (dpkg(1), `--path-exclude`); that it is missing says nothing. */
const leftOut = /^usr\/share\/(?:doc|doc-base|groff|info|linda|lintian|locale|man)\//;

/**
 * `md5sums` of one package: 32 hexadecimal digits, two spaces, a path from the root. It names the regular files; `.list`
 * beside it names directories and links as well without telling them apart, so that it is not read.
 */
export function digestsOf(
  text: string,
  place: DpkgPlace,
  path: string,
): { lists: FileList[]; problems: Problem[] } {
  const files: ListedFile[] = [];
  let others = 0;
  for (const line of linesOf(text)) {
    if (line === '' || leftOut.test(line.slice(34))) continue;
    const hex = line.slice(0, 32).toLowerCase();
    const file = /^ [ *]$/.test(line.slice(32, 34)) ? installedPath(place.root, line.slice(34)) : undefined;
    if (file !== undefined && isHexOf('md5', hex))
      files.push({ path: file, digest: { algorithm: 'md5', hex } });
    else others++;
  }
  const reason = `${others} of its lines name no digest and file`;
  return {
    lists: files.length === 0 ? [] : [{ component: dpkgKey(place.root, place.owner), path, files, owns: [] }],
    problems: others === 0 ? [] : [contradiction('dpkg-digests', path, reason)],
  };
}
