import type { Difference } from '../manifest/locate.ts';

/** Named chunks and tensors; the rest are counted. */
const shown = 4;

/** Where a file differs, in words: its size, the chunks with their bytes, the tensors that lie there. */
export function describeDifference({ size, chunks, header, tensors, exact }: Difference): string {
  const parts: string[] = [];
  if (size.actual !== size.expected) parts.push(`${size.actual} bytes instead of ${size.expected}`);
  if (chunks.length > 0) {
    const list = chunks.map(
      ({ index, offset, length }) => `chunk ${index} (bytes ${offset} to ${offset + length - 1})`,
    );
    parts.push(some(list, 'chunks'));
  }
  if (header)
    parts.push(exact && tensors.length === 0 ? 'outside the tensors: the header' : 'perhaps the header');
  if (tensors.length > 0) {
    const list = tensors.map((tensor) => `tensor ${tensor.name}`);
    parts.push(`${exact ? 'exactly' : 'overlapping'} ${some(list, 'tensors')}`);
  }
  return parts.join('; ');
}

function some(list: readonly string[], noun: string): string {
  const rest = list.length - shown;
  return rest > 0 ? `${list.slice(0, shown).join(', ')} and ${rest} more ${noun}` : list.join(', ');
}
