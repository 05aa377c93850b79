import { nameOf } from '../../core/path.ts';
import { rootOf } from '../installed-path.ts';

/** What a file of dpkg's database is, by its path alone. */
export interface DpkgPlace {
  readonly kind: 'status' | 'part' | 'digests';
  /** The directory that the packages are installed in; `.` for that of the artifact. */
  readonly root: string;
  /** The name that dpkg gives to the files of one package: `libc6:amd64`. */
  readonly owner: string;
}

const database = 'var/lib/dpkg/';

/** `status`, a package's own part of it in `status.d` (images without dpkg), or a list of MD5 digests. */
export function dpkgPlace(path: string): DpkgPlace | undefined {
  const at = path.lastIndexOf(database);
  if (at < 0 || (at > 0 && path[at - 1] !== '/')) return undefined;
  const inside = path.slice(at + database.length);
  const root = rootOf(path, database);
  if (inside === 'status') return { kind: 'status', root, owner: '' };
  const [, directory, file] = /^(status\.d|info)\/([^/]+)$/.exec(inside) ?? [];
  if (directory === undefined || file === undefined) return undefined;
  if (file.endsWith('.md5sums')) return { kind: 'digests', root, owner: nameOf(inside).slice(0, -8) };
  // Other images keep `NAME.preinst` and their like there; a package's name may have a dot itself.
  return directory === 'status.d' && !/\.(?:list|conffiles|triggers|(?:pre|post)(?:inst|rm))$/.test(file)
    ? { kind: 'part', root, owner: file }
    : undefined;
}

/** The key of the package whose files dpkg names so. */
export function dpkgKey(root: string, owner: string): string {
  return `deb:${root}:${owner}`;
}
