import { limits } from '../core/limits.ts';
import type { TensorRecord } from '../core/manifest.ts';
import type { ByteWindow } from './byte-window.ts';
import { elementCount } from './element-count.ts';
import { ggufError } from './gguf-error.ts';
import { ggmlTypes } from './gguf-tensor-types.ts';
import { readGgufString } from './gguf-values.ts';

/** A name's length, no dimensions, a type, an offset. */
export const smallestTensorInfo = 8 + 4 + 4 + 8;

/** The infos that follow, with offsets from the start of the tensor data. */
export async function readTensorInfos(window: ByteWindow, count: number): Promise<TensorRecord[]> {
  const infos = new Map<string, TensorRecord>();
  while (infos.size < count) {
    const info = await readTensorInfo(window);
    if (infos.has(info.name))
      throw ggufError('E_MALFORMED', 'duplicate-tensor', `two tensors named ${info.name}`);
    infos.set(info.name, info);
  }
  return [...infos.values()];
}

/**
 * The tensors at their places in the file, sorted by offset.
 * A tensor that reaches past the end is CVE-2026-7482.
 */
export function placeTensors(
  infos: readonly TensorRecord[],
  dataOffset: number,
  alignment: number,
  size: number,
): TensorRecord[] {
  for (const { name, offset, length } of infos) {
    if (offset + length > size - dataOffset) {
      throw ggufError('E_MALFORMED', 'tensor-past-end', `${name} ends behind the end of the file`);
    }
    if (offset % alignment !== 0) {
      throw ggufError('E_MALFORMED', 'tensor-alignment', `${name} is not aligned to ${alignment} bytes`);
    }
  }
  const tensors = infos.map((info) => ({ ...info, offset: dataOffset + info.offset }));
  tensors.sort((a, b) => a.offset - b.offset || a.length - b.length);
  let end = 0;
  for (const { name, offset, length } of tensors) {
    if (offset < end)
      throw ggufError('E_MALFORMED', 'tensor-overlap', `${name} begins inside another tensor`);
    end = offset + length;
  }
  return tensors;
}

async function readTensorInfo(window: ByteWindow): Promise<TensorRecord> {
  const name = await readGgufString(window, limits.ggufTensorNameBytes);
  if (!window.has(4)) await window.fill(4);
  const dimensions = window.u32();
  if (dimensions > limits.ggufDimensions) {
    throw ggufError('E_LIMIT', 'dimensions', `${name} has ${dimensions} dimensions`, window.position);
  }
  const rest = 8 * dimensions + 4 + 8;
  if (!window.has(rest)) await window.fill(rest);
  const shape = Array.from({ length: dimensions }, () => window.length64());
  const { dtype, length } = layout(name, shape, window.u32());
  return { name, dtype, shape, offset: window.length64(), length };
}

function layout(name: string, shape: readonly number[], id: number): { dtype: string; length: number } {
  const type = ggmlTypes.get(id);
  if (type === undefined)
    throw ggufError('E_UNSUPPORTED', 'tensor-type', `${name} is of the unknown type ${id}`);
  const elements = elementCount(shape);
  if (elements === undefined) throw ggufError('E_MALFORMED', 'shape', `${name} is larger than any file`);
  // Blocks run along the first dimension; a row is a whole number of them.
  if ((shape[0] ?? 1) % type.blockElements !== 0) {
    throw ggufError('E_MALFORMED', 'block', `a row of ${name} is not a whole number of ${type.name} blocks`);
  }
  return { dtype: type.name, length: (elements / type.blockElements) * type.blockBytes };
}
