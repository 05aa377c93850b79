import type { Entry } from '../../core/entry.ts';
import type { About } from '../../core/fact.ts';
import { directoryOf, nameOf } from '../../core/path.ts';

/** Where a distribution is installed, and what the name of its directory says. */
export interface Place {
  /** The `.dist-info` or `.egg-info`: a directory, or a file of older tools. */
  readonly path: string;
  /** The directory that holds it: what `RECORD` counts from. */
  readonly site: string;
  /** As the directory's name has it: `-` and `.` are `_`. */
  readonly name?: string;
  readonly version?: string;
}

/** The distribution that a file in its directory belongs to. */
export function placeOf(path: string): Place {
  const own = path.endsWith('.egg-info') ? path : directoryOf(path);
  const stem = nameOf(own).replace(/\.(?:dist|egg)-info$/, '');
  const [, name, version] = /^([\w.]+)-([^-]+)(?:-py[\d.]+(?:-.*)?)?$/.exec(stem) ?? [];
  return {
    path: own,
    site: directoryOf(own),
    ...(name === undefined || version === undefined ? {} : { name, version }),
  };
}

/** All files of one distribution speak of one thing. In an archive it lies where the archive lies. */
export function aboutDistribution({ path }: Place, { container }: Entry): About {
  return { kind: 'component', key: `python:${path}`, path: container ?? path };
}
