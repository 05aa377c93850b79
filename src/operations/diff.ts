import { readBom } from '../bom/read.ts';
import { compareBoms } from '../changes/compare-boms.ts';
import { comparedBom } from '../changes/compared-bom.ts';
import type { Bom } from '../core/bom.ts';
import type { Comparison } from '../core/change.ts';
import { isMlbomError, MlbomError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { assertOneStdin, readInput } from './read-input.ts';

/**
 * What changed from one BOM to another, worst first. One of the two may be `-`.
 * @throws MlbomError `E_USAGE`, `E_NOT_FOUND`, `E_UNREADABLE`; `E_UNSUPPORTED` also for a BOM that is malformed
 */
export async function diff(oldPath: string, newPath: string): Promise<Comparison> {
  assertOneStdin([oldPath, newPath]);
  const old = await readForDiff(oldPath);
  const next = await readForDiff(newPath);
  return { old: comparedBom(old), new: comparedBom(next), changes: compareBoms(old, next) };
}

/** What cannot be read cannot be compared: that is no answer, and must not look like a change. */
async function readForDiff(path: string): Promise<Bom> {
  const bytes = await readInput(path, limits.bomBytes);
  try {
    return readBom(bytes, path);
  } catch (cause) {
    if (!isMlbomError(cause) || cause.code !== 'E_MALFORMED') throw cause;
    const next = 'mlbom validate lists everything that is wrong with it';
    throw new MlbomError('E_UNSUPPORTED', cause.message, { subject: path, next, cause });
  }
}
