import { nameOf } from '../../core/path.ts';
import { rootOf } from '../installed-path.ts';

/** What a file of an rpm database is, by its path alone. */
export interface RpmPlace {
  readonly kind: 'sqlite' | 'wal' | 'bdb' | 'ndb' | 'manifest';
  /** The directory that the packages are installed in; `.` for that of the artifact. */
  readonly root: string;
}

const directories = ['var/lib/rpm/', 'usr/lib/sysimage/rpm/', 'usr/share/rpm/', 'var/lib/rpmmanifest/'];
const kinds: Readonly<Record<string, RpmPlace['kind']>> = {
  'rpmdb.sqlite': 'sqlite',
  'rpmdb.sqlite-wal': 'wal',
  Packages: 'bdb',
  'Packages.db': 'ndb',
  'container-manifest-2': 'manifest',
};

export function rpmPlace(path: string): RpmPlace | undefined {
  const name = nameOf(path);
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) return undefined;
  const place = directories.find(
    (directory) => path === directory + name || path.endsWith(`/${directory}${name}`),
  );
  if (place === undefined) return undefined;
  // The list has a directory of its own.
  if ((kind === 'manifest') !== place.endsWith('rpmmanifest/')) return undefined;
  return { kind, root: rootOf(path, place) };
}
