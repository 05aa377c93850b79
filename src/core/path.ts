/** The directory of a `/`-separated path; `.` for the root. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `name` beside the file at `path`. */
export function siblingOf(path: string, name: string): string {
  const directory = directoryOf(path);
  return directory === '.' ? name : `${directory}/${name}`;
}

/** True when `path` lies in `directory` or below it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === '.' || path === directory || path.startsWith(`${directory}/`);
}
