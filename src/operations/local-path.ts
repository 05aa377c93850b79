/** Where on this machine a source lies, as the user wrote it: a path, or `dir:PATH`. */
export function localPath(source: string): string {
  return source.startsWith('dir:') ? source.slice('dir:'.length) : source;
}
