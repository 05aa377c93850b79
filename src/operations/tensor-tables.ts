import type { ByteRange } from '../core/entry.ts';
import type { Fact } from '../core/fact.ts';
import type { TensorRecord } from '../core/manifest.ts';

/**
 * The tensors of each file, sorted by offset: those whose bytes are one range of it, whichever file declares them.
 * A range that does not lie in its file is left out; the inventory says so elsewhere.
 */
export function tensorsByFile(
  facts: readonly Fact[],
  sizes: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly TensorRecord[]> {
  const tables = new Map<string, TensorRecord[]>();
  for (const { about, tensors } of facts) {
    if (!tensors || about.kind !== 'weights') continue;
    for (const { path = about.path, ...tensor } of tensors.tensors) {
      if (tensor.length === 0 || tensor.offset + tensor.length > (sizes.get(path) ?? 0)) continue;
      const table = tables.get(path);
      if (table) table.push(tensor);
      else tables.set(path, [tensor]);
    }
  }
  for (const table of tables.values()) table.sort((a, b) => a.offset - b.offset || a.length - b.length);
  return tables;
}

/** True when no two of these sorted ranges overlap. */
export function disjointRanges(ranges: readonly ByteRange[]): boolean {
  let end = 0;
  for (const { offset, length } of ranges) {
    if (offset < end) return false;
    end = offset + length;
  }
  return true;
}
