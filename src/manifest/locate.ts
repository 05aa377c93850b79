import type { ByteRange } from '../core/entry.ts';
import type { FileDetail, TensorRecord } from '../core/manifest.ts';
import { chunksOf, chunkSizeOf } from './chunk-size.ts';

/** A chunk whose bytes are not the expected ones. */
export interface DifferentChunk extends ByteRange {
  /** Counted from 0. */
  readonly index: number;
}

/** Where a file differs from what was signed. */
export interface Difference {
  readonly size: { readonly expected: number; readonly actual: number };
  /** In order; the range is that of the larger of the two files, so that missing and added bytes are covered. */
  readonly chunks: readonly DifferentChunk[];
  /** Whether the bytes before the first tensor may differ. */
  readonly header: boolean;
  /** The tensors that differ, or, without digests of their own, those that overlap a differing chunk. */
  readonly tensors: readonly TensorRecord[];
  /** Whether `tensors` comes from digests of the tensors themselves. */
  readonly exact: boolean;
}

/**
 * Finds what of a file is not as expected, from digests alone.
 * @param actualTensorDigests SHA-256 in hex, in the order of `detail.tensors`
 */
export function locate(
  detail: FileDetail,
  actualLeaves: Uint8Array,
  actualSize: number,
  actualTensorDigests?: readonly string[],
): Difference {
  const chunks = differentChunks(detail, actualLeaves, actualSize);
  const tensors = detail.tensors ?? [];
  const exact =
    tensors.length > 0 && tensors.every((tensor, at) => tensor.sha256 && actualTensorDigests?.[at]);
  const touched = overlapTest(chunks, detail.chunkSize);
  const different = tensors.filter((tensor, at) => {
    return exact ? tensor.sha256 !== actualTensorDigests?.[at] : touched(tensor);
  });
  const header = { offset: 0, length: tensors[0]?.offset ?? 0 };
  return {
    size: { expected: detail.size, actual: actualSize },
    chunks,
    header: chunks.some((chunk) => overlap(chunk, header) && !(exact && isExplained(chunk))),
    tensors: different,
    exact,
  };

  /** The one chunk in which the header ends may differ for the sake of a tensor alone. */
  function isExplained(chunk: ByteRange): boolean {
    return chunk.offset + chunk.length > header.length && different.some((tensor) => overlap(chunk, tensor));
  }
}

/** Whether a range overlaps one of the chunks, in constant time: a file may have a million tensors. */
function overlapTest(chunks: readonly DifferentChunk[], chunkSize: number): (range: ByteRange) => boolean {
  // Place n holds how many of the chunks come before chunk n.
  const before = new Uint32Array((chunks.at(-1)?.index ?? -1) + 2);
  for (const { index } of chunks) before[index + 1] = 1;
  for (let index = 1; index < before.length; index++)
    before[index] = countBefore(index) + countBefore(index - 1);
  return ({ offset, length }) => {
    if (length === 0) return false;
    const last = Math.floor((offset + length - 1) / chunkSize);
    return countBefore(last + 1) > countBefore(Math.floor(offset / chunkSize));
  };

  function countBefore(index: number): number {
    return before[Math.min(index, before.length - 1)] ?? 0;
  }
}

/** Every chunk when the sizes are so far apart that the chunks have another size: then nothing can be compared. */
function differentChunks(detail: FileDetail, actualLeaves: Uint8Array, actualSize: number): DifferentChunk[] {
  const comparable = chunkSizeOf(actualSize) === detail.chunkSize;
  return chunksOf(Math.max(detail.size, actualSize), detail.chunkSize).flatMap((range, index) => {
    const same = comparable && sameLeaf(detail.leaves, actualLeaves, index);
    return same ? [] : [{ index, ...range }];
  });
}

function sameLeaf(expected: Uint8Array, actual: Uint8Array, index: number): boolean {
  const [from, to] = [32 * index, 32 * (index + 1)];
  if (to > expected.length || to > actual.length) return false;
  return Buffer.compare(expected.subarray(from, to), actual.subarray(from, to)) === 0;
}

function overlap(a: ByteRange, b: ByteRange): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}
