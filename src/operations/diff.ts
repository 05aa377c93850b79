import { readBom } from '../bom/read.ts';
import { compareBoms } from '../changes/compare-boms.ts';
import { comparedBom } from '../changes/compared-bom.ts';
import type { Comparison } from '../core/change.ts';
import { limits } from '../core/limits.ts';
import { assertOneStdin, readInput } from './read-input.ts';

/**
 * What changed from one BOM to another, worst first. One of the two may be `-`.
 * @throws MlbomError `E_USAGE`, `E_NOT_FOUND`, `E_UNREADABLE`, `E_MALFORMED`
 */
export async function diff(oldPath: string, newPath: string): Promise<Comparison> {
  assertOneStdin([oldPath, newPath]);
  const old = readBom(await readInput(oldPath, limits.bomBytes), oldPath);
  const next = readBom(await readInput(newPath, limits.bomBytes), newPath);
  return { old: comparedBom(old), new: comparedBom(next), changes: compareBoms(old, next) };
}
