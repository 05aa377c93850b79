import type { ByteSource } from '../core/entry.ts';
import { limits } from '../core/limits.ts';
import type { TensorRecord } from '../core/manifest.ts';
import { ByteWindow } from './byte-window.ts';
import { ggufError } from './gguf-error.ts';
import { placeTensors, readTensorInfos, smallestTensorInfo } from './gguf-tensors.ts';
import type { GgufValue } from './gguf-values.ts';
import { checkRoom, readGgufString, readGgufValue } from './gguf-values.ts';

export type { GgufArray, GgufScalar, GgufScalarType, GgufValue } from './gguf-values.ts';

export interface GgufHeader {
  readonly version: 2 | 3;
  readonly bigEndian: boolean;
  /** Bytes; `general.alignment`, or 32. */
  readonly alignment: number;
  /** Where the tensor data begins in the file; behind its end in a file that has no tensors and no padding. */
  readonly dataOffset: number;
  /** In the order of the file. Large arrays are given by their type and length alone. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /**
   * Sorted by offset. A shape is in the order of the file, the fastest dimension first, as `gguf-py` shows it:
   * PyTorch's shape is the reverse.
   */
  readonly tensors: readonly TensorRecord[];
}

const magic = 0x46554747;
const alignmentKey = 'general.alignment';
const defaultAlignment = 32;
const uint32 = 4;
/** A key's length and one byte, a type, a value of one byte. */
const smallestEntry = 8 + 1 + 4 + 1;

/**
 * Reads all of a GGUF file that precedes its tensor data (docs/gguf.md; the checks are those of ggml/src/gguf.cpp,
 * and CVE-2025-53630, CVE-2026-27940 and CVE-2026-7482 are what their absence led to).
 * Versions 2 and 3 are read, version 3 in either byte order.
 * What was read before an error stands in `metadata`, for those who look for harm in it.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, or `E_UNSUPPORTED` for other versions and for tensor types unknown to ggml
 */
export async function readGguf(
  source: ByteSource,
  metadata = new Map<string, GgufValue>(),
): Promise<GgufHeader> {
  const window = new ByteWindow(source, { format: 'gguf', limit: limits.ggufHeaderBytes });
  const { version, bigEndian } = await readVersion(window);
  window.littleEndian = !bigEndian;

  await window.fill(16);
  const tensorCount = readCount(window, smallestTensorInfo, limits.tensorsPerFile);
  const entryCount = readCount(window, smallestEntry, limits.ggufMetadataEntries);
  await readMetadata(window, entryCount, metadata);
  const alignment = alignmentOf(metadata);
  const infos = await readTensorInfos(window, tensorCount);

  const dataOffset = Math.ceil(window.position / alignment) * alignment;
  const tensors = placeTensors(infos, dataOffset, alignment, source.size);
  return { version, bigEndian, alignment, dataOffset, metadata, tensors };
}

async function readVersion(window: ByteWindow): Promise<{ version: 2 | 3; bigEndian: boolean }> {
  await window.fill(8);
  if (window.u32() !== magic) throw ggufError('E_MALFORMED', 'magic', 'it does not begin with GGUF', 0);
  const version = window.u32();
  if (version === 2 || version === 3) return { version, bigEndian: false };
  // Big-endian files exist since version 3; their magic is the same.
  if (version === 0x03000000) return { version: 3, bigEndian: true };
  if (version === 1) throw ggufError('E_UNSUPPORTED', 'v1', 'version 1, which no current software reads', 4);
  throw ggufError('E_UNSUPPORTED', 'version', `version ${version}`, 4);
}

function readCount(window: ByteWindow, smallest: number, limit: number): number {
  const count = window.length64();
  checkRoom(window, count * smallest);
  if (count > limit)
    throw ggufError('E_LIMIT', 'count', `${count} where ${limit} are read`, window.position - 8);
  return count;
}

async function readMetadata(
  window: ByteWindow,
  count: number,
  metadata: Map<string, GgufValue>,
): Promise<void> {
  while (metadata.size < count) {
    const start = window.position;
    const key = await readGgufString(window, limits.ggufKeyBytes);
    if (key === '') throw ggufError('E_MALFORMED', 'key', 'an empty key', start);
    if (metadata.has(key))
      throw ggufError('E_MALFORMED', 'duplicate-key', `the key ${key.slice(0, 80)} twice`, start, key);
    if (!window.has(4)) await window.fill(4);
    const type = window.u32();
    if (key === alignmentKey && type !== uint32) {
      throw ggufError('E_MALFORMED', 'alignment', 'the alignment is not a uint32', start, key);
    }
    metadata.set(key, await readGgufValue(window, type));
  }
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = Number(metadata.get(alignmentKey) ?? defaultAlignment);
  if (!Number.isInteger(Math.log2(alignment)) || alignment < 1) {
    const what = `an alignment of ${alignment} is not a power of two`;
    throw ggufError('E_MALFORMED', 'alignment', what, undefined, alignmentKey);
  }
  if (alignment > limits.ggufAlignment) {
    const what = `an alignment of ${alignment} bytes`;
    throw ggufError('E_LIMIT', 'alignment', what, undefined, alignmentKey);
  }
  return alignment;
}
