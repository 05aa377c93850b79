import type { Digest } from '../../core/digest.ts';
import type { ListedFile } from '../../core/file-list.ts';
import { installedPath } from '../installed-path.ts';
import type { ApkFile, ApkRecord } from './records.ts';

/** The files of a package. Those below `etc` are the administrator's to change, so that no digest is held against them. */
export function filesOf(record: ApkRecord, root: string): ListedFile[] {
  return record.files.flatMap((file): ListedFile[] => {
    const path = installedPath(root, file.path);
    if (path === undefined) return [];
    const digest = file.path.startsWith('etc/') ? undefined : digestOf(file);
    return [{ path, ...(digest === undefined ? {} : { digest }) }];
  });
}

/** Of a symbolic link, which apk writes down with all permissions, the digest is that of its target's name. */
function digestOf({ owner, checksum = '' }: ApkFile): Digest | undefined {
  if (!checksum.startsWith('Q1') || owner?.endsWith(':777')) return undefined;
  const bytes = Buffer.from(checksum.slice(2), 'base64');
  return bytes.length === 20 ? { algorithm: 'sha1', hex: bytes.toString('hex') } : undefined;
}
