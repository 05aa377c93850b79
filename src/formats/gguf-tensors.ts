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
    const start = window.position;
    const info = await readTensorInfo(window);
    if (infos.has(info.name)) {
      throw ggufError('E_MALFORMED', 'duplicate-tensor', `two tensors named ${info.name}`, start, info.name);
    }
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
    // An offset beyond the file is no place in it; the findings that are made of this show none then.
    const at = offset < size ? dataOffset + offset : undefined;
    if (offset + length > size - dataOffset) {
      throw ggufError('E_MALFORMED', 'tensor-past-end', `${name} ends behind the end of the file`, at, name);
    }
    if (offset % alignment !== 0) {
      const what = `${name} is not aligned to ${alignment} bytes`;
      throw ggufError('E_MALFORMED', 'tensor-alignment', what, at, name);
    }
  }
  const tensors = infos.map((info) => ({ ...info, offset: dataOffset + info.offset }));
  tensors.sort((a, b) => a.offset - b.offset || a.length - b.length);
  let end = 0;
  for (const { name, offset, length } of tensors) {
    if (offset < end) {
      const what = `${name} begins inside another tensor`;
      throw ggufError('E_MALFORMED', 'tensor-overlap', what, offset, name);
    }
    end = offset + length;
  }
  return tensors;
}

async function readTensorInfo(window: ByteWindow): Promise<TensorRecord> {
  const start = window.position;
  const name = await readGgufString(window, limits.ggufTensorNameBytes);
  if (!window.has(4)) await window.fill(4);
  const dimensions = window.u32();
  if (dimensions > limits.ggufDimensions) {
    throw ggufError(
      'E_LIMIT',
      'dimensions',
      `${name} has ${dimensions} dimensions`,
      window.position - 4,
      name,
    );
  }
  const rest = 8 * dimensions + 4 + 8;
  if (!window.has(rest)) await window.fill(rest);
  const shape = Array.from({ length: dimensions }, () => window.length64());
  const { dtype, length } = layout(name, shape, window.u32(), start);
  return { name, dtype, shape, offset: window.length64(), length };
}

/** @param at where the info begins, for the error */
function layout(
  name: string,
  shape: readonly number[],
  id: number,
  at: number,
): { dtype: string; length: number } {
  const type = ggmlTypes.get(id);
  if (type === undefined)
    throw ggufError('E_UNSUPPORTED', 'tensor-type', `${name} is of the unknown type ${id}`, at, name);
  const elements = elementCount(shape);
  if (elements === undefined || elements > limits.fileBytes) {
    throw ggufError('E_MALFORMED', 'shape', `${name} is larger than any file`, at, name);
  }
  // Blocks run along the first dimension; a row is a whole number of them.
  if ((shape[0] ?? 1) % type.blockElements !== 0) {
    const what = `a row of ${name} is not a whole number of ${type.name} blocks`;
    throw ggufError('E_MALFORMED', 'block', what, at, name);
  }
  return { dtype: type.name, length: (elements / type.blockElements) * type.blockBytes };
}
