/** The environment that a path of an installed distribution shows. */
export interface Site {
  /** Its directory. */
  readonly environment: string;
  /** `3.11`, where the path has it. */
  readonly version?: string;
}

/**
 * What `…/lib/python3.11/site-packages/NAME/METADATA` says of the environment: its directory is the one above `lib`
 * (sysconfig's schemes `venv`, `posix_prefix`, `nt`). In `usr`, and in Debian's `dist-packages`, it is the directory of
 * the packages alone, because much else lies beside it. Undefined for other directories, and in conda's cache.
 */
export function siteOf(path: string): Site | undefined {
  const at = path.search(/(?:^|\/)(?:site|dist)-packages\/[^/]*\.(?:dist|egg)-info(?:\/[^/]*)?$/);
  if (at < 0) return undefined;
  const first = path[at] === '/' ? at + 1 : 0;
  const directory = path.slice(0, path.indexOf('/', first));
  const [, prefix, version] =
    /^(?:(.*)\/)?(?:lib|lib64|Lib|local\/lib)(?:\/(?:python|pypy)(\d+(?:\.\d+)?)t?)?\/(?:site|dist)-packages$/.exec(
      directory,
    ) ?? [];
  const isShared = directory.endsWith('dist-packages') || /(?:^|\/)usr(?:\/local)?$/.test(prefix ?? '');
  if (/(?:^|\/)pkgs\/[^/]+$/.test(prefix ?? '')) return undefined;
  const isScheme = directory.search(/(?:^|\/)(?:lib|lib64|Lib)\//) >= 0;
  const environment = isScheme && !isShared ? (prefix ?? '.') : directory;
  return version?.includes('.') ? { environment, version } : { environment };
}
