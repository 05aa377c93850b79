import { isHexOf } from '../../core/digest.ts';
import { MlbomError } from '../../core/errors.ts';
import type { ListedFile } from '../../core/file-list.ts';
import type { JsonObject } from '../../core/json.ts';
import { isCount, textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';

/**
 * The files of a package (`paths_data`). Where the prefix was written into a file, its digest is the one of afterwards,
 * and its size is not known. Links and compiled modules are left out: they have no bytes of their own to check.
 * @throws MlbomError `E_LIMIT`
 */
export function condaFiles(record: JsonObject, prefix: string, subject: string): ListedFile[] {
  const paths = valueAt(record, 'paths_data', 'paths');
  if (!Array.isArray(paths)) return [];
  if (paths.length > limits.filesPerArtifact) {
    throw new MlbomError('E_LIMIT', `${subject}: more than ${limits.filesPerArtifact} files`, {
      subject,
      rule: 'conda-files',
    });
  }
  return paths.flatMap((item: unknown): ListedFile[] => {
    const path = textAt(item, '_path');
    if (path === undefined || (textAt(item, 'path_type') ?? 'hardlink') !== 'hardlink') return [];
    if (path.startsWith('/') || path.includes('\0') || path.split('/').includes('..')) return [];
    const isRewritten = textAt(item, 'prefix_placeholder') !== undefined;
    const hex = textAt(item, 'sha256_in_prefix') ?? (isRewritten ? '' : (textAt(item, 'sha256') ?? ''));
    const size = valueAt(item, 'size_in_bytes');
    const name = path.replace(/%(?=[0-9A-Fa-f]{2})/g, '%25');
    return [
      {
        path: prefix === '.' ? name : `${prefix}/${name}`,
        ...(isRewritten || !isCount(size) ? {} : { size }),
        ...(isHexOf('sha256', hex) ? { digest: { algorithm: 'sha256', hex } } : {}),
      },
    ];
  });
}
