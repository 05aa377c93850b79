import { basename, dirname, join, resolve } from 'node:path';
import { MlbomError } from '../core/errors.ts';
import { isInside, realPathOf } from './is-inside.ts';
import { localPath } from './parse-source.ts';

/**
 * Refuses outputs inside a source: the next run would read them as part of it.
 * @throws MlbomError `E_USAGE`
 */
export async function assertOutside(outputs: readonly string[], sources: readonly string[]): Promise<void> {
  const paths = await Promise.all(sources.map(localPath));
  const directories = await Promise.all(paths.flatMap((path) => path ?? []).map(realPathOf));
  for (const output of outputs) {
    const path = join(await realPathOf(dirname(resolve(output))), basename(output));
    const inside = directories.find((directory) => isInside(path, directory));
    if (inside === undefined) continue;
    throw new MlbomError('E_USAGE', `${output} lies inside the source`, {
      subject: output,
      next: 'write it elsewhere; a source is only read',
    });
  }
}
