import { limits } from '../core/limits.ts';

/** Which of the places that a root directory has for a file the path ends with; undefined for a path elsewhere. */
export function placeOf(path: string, places: readonly string[]): string | undefined {
  return places.find((place) => path === place || path.endsWith(`/${place}`));
}

/** The directory that a package manager's database counts its paths from: what comes before `inRoot` in its own path. */
export function rootOf(path: string, inRoot: string): string {
  const at = path.lastIndexOf(inRoot);
  return at <= 0 ? '.' : path.slice(0, at).replace(/\/$/, '') || '.';
}

/** Where a file that such a database names lies in the artifact; undefined for a name that leads out of it. */
export function installedPath(root: string, name: string): string | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..') || name.length > limits.pathLength) return undefined;
  if (name.includes('\0') || name.includes('\ufffd')) return undefined;
  // As the stores write it: what looks like an escape of a byte is none.
  const path = parts.join('/').replace(/%(?=[0-9A-Fa-f]{2})/g, '%25');
  return root === '.' ? path : `${root}/${path}`;
}
