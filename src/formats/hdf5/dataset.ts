import type { ByteRange } from '../../core/entry.ts';
import { elementCount } from '../element-count.ts';
import { readDataspace } from './dataspace.ts';
import { readDatatype } from './datatype.ts';
import type { GlobalHeap } from './global-heap.ts';
import { Hdf5Cursor } from './hdf5-cursor.ts';
import { hdf5Error } from './hdf5-error.ts';
import { readExternalFiles, readFilters, readLayout } from './layout.ts';
import { messageBody, messageTypes, type HeaderMessage, type Hdf5File } from './object-header.ts';

/** A dataset, by where its elements are. */
export interface Hdf5Dataset {
  /** `/`-separated, without one at its beginning. */
  readonly path: string;
  /** safetensors' name for numbers, the class for others. */
  readonly dtype: string;
  readonly numeric: boolean;
  /** Absent for a dataset that holds nothing by its declaration. */
  readonly shape?: readonly number[];
  /** Bytes that all elements take, unpacked. */
  readonly bytes: number;
  readonly storage: 'contiguous' | 'compact' | 'chunked' | 'virtual' | 'external';
  /** Where the elements are, when they are one range of the file. */
  readonly range?: ByteRange;
  /** Other files that reading the dataset opens. */
  readonly files: readonly string[];
  readonly filters: readonly string[];
}

/**
 * Reads the messages of a dataset.
 * @throws MlbomError `E_MALFORMED` when its elements would lie outside the file
 */
export async function readDataset(
  file: Hdf5File,
  path: string,
  messages: readonly HeaderMessage[],
  heap: GlobalHeap,
): Promise<Hdf5Dataset> {
  const cursorOf = async (type: number): Promise<Hdf5Cursor> => {
    const message = messages.find((candidate) => candidate.type === type);
    if (!message) throw hdf5Error('E_MALFORMED', 'dataset', `${shown(path)} lacks a message of type ${type}`);
    return new Hdf5Cursor(await messageBody(file, message), file);
  };
  const type = readDatatype(await cursorOf(messageTypes.datatype));
  const shape = readDataspace(await cursorOf(messageTypes.dataspace));
  const count = shape === undefined ? 0 : elementCount(shape);
  const bytes = count === undefined ? Number.NaN : count * type.size;
  if (!Number.isSafeInteger(bytes))
    throw hdf5Error('E_MALFORMED', 'shape', `${shown(path)} is larger than any file`);

  const layoutMessage = messages.find((message) => message.type === messageTypes.layout);
  const layout = layoutMessage ? await readLayout(file, layoutMessage, heap) : ({ kind: 'chunked' } as const);
  const external = messages.find((message) => message.type === messageTypes.externalFiles);
  const filters = messages.find((message) => message.type === messageTypes.filters);
  const numeric = type.kind === 'integer' || type.kind === 'float' || /^(?:BOOL|C\d+)$/.test(type.name);
  const common = {
    path,
    dtype: type.name,
    numeric,
    ...(shape === undefined ? {} : { shape }),
    bytes,
    filters: filters ? await readFilters(file, filters) : [],
  };
  if (external) return { ...common, storage: 'external', files: await readExternalFiles(file, external) };
  if (layout.kind === 'virtual') return { ...common, storage: 'virtual', files: virtualFiles(layout) };
  const range = layout.kind === 'chunked' ? undefined : layout.range;
  if (range === undefined || bytes === 0) return { ...common, storage: layout.kind, files: [] };
  // NaN: an old layout, which does not say.
  if (range.length < bytes || range.offset + bytes > file.reader.size)
    throw hdf5Error('E_MALFORMED', 'dataset-range', `${shown(path)} has fewer bytes than its shape needs`);
  return { ...common, storage: layout.kind, range: { offset: range.offset, length: bytes }, files: [] };
}

/** One source in this file is no other file; of several only the first is known. */
function virtualFiles({ file, several }: { file: string; several: boolean }): string[] {
  return file === '.' && !several ? [] : [file];
}

function shown(path: string): string {
  return path.slice(0, 160);
}
