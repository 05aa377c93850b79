import { isHexOf, type Digest, type DigestAlgorithm } from '../../core/digest.ts';
import type { ListedFile } from '../../core/file-list.ts';
import type { RpmHeader } from '../../formats/rpm/read-rpm-header.ts';
import { installedPath } from '../installed-path.ts';
import { rpmTags } from './tags.ts';

/** OpenPGP's numbers (RFC 9580 §9.5); MD5 where a package names none. */
const algorithms: Readonly<Record<number, DigestAlgorithm>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
};

/** `RPMFILE_CONFIG` and `RPMFILE_GHOST` (rpm's rpmfiles.h). */
const config = 1;
const ghost = 64;
const [fileType, regular, directory] = [0o170000, 0o100000, 0o040000];

/**
 * The files of a package that were installed: no directories, nothing that was left out or is made later. Files of
 * configuration are the administrator's to change, so that no digest is held against them.
 */
export function filesOf(header: RpmHeader, root: string): ListedFile[] {
  const names = header.texts(rpmTags.baseNames);
  const directories = header.texts(rpmTags.dirNames);
  const indexes = header.numbers(rpmTags.dirIndexes);
  const modes = header.numbers(rpmTags.fileModes);
  const flags = header.numbers(rpmTags.fileFlags);
  const states = header.numbers(rpmTags.fileStates);
  const digests = header.texts(rpmTags.fileDigests);
  const sizes = header.numbers(rpmTags.fileSizes);
  const longSizes = header.numbers(rpmTags.longFileSizes);
  const algorithm = algorithms[header.numbers(rpmTags.fileDigestAlgorithm)[0] ?? 1];
  return names.flatMap((name, index): ListedFile[] => {
    const type = (modes[index] ?? regular) & fileType;
    const flag = flags[index] ?? 0;
    if (type === directory || (flag & ghost) !== 0 || (states[index] ?? 0) !== 0) return [];
    const path = installedPath(root, `${directories[indexes[index] ?? -1] ?? ''}${name}`);
    if (path === undefined) return [];
    if (type !== regular || (flag & config) !== 0) return [{ path }];
    const size = longSizes[index] ?? sizes[index];
    const digest = digestOf(algorithm, digests[index] ?? '');
    return [{ path, ...(size === undefined ? {} : { size }), ...(digest === undefined ? {} : { digest }) }];
  });
}

function digestOf(algorithm: DigestAlgorithm | undefined, text: string): Digest | undefined {
  const hex = text.toLowerCase();
  return algorithm !== undefined && isHexOf(algorithm, hex) ? { algorithm, hex } : undefined;
}
