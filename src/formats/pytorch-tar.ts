import type { ByteRange, ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { isCount } from '../core/json-access.ts';
import { limits } from '../core/limits.ts';
import { ByteWindow } from './byte-window.ts';
import { elementCount } from './element-count.ts';
import { readPickle } from './pickle/read-pickle.ts';
import type { PickleValue } from './pickle/value.ts';
import { pytorchElementBytes, pytorchStorageType } from './pytorch-types.ts';
import { subrange } from './subrange.ts';
import { isTar } from './tar/is-tar.ts';
import { readTar, type TarAnomaly } from './tar/read-tar.ts';

/** A tensor of the first format of all, PyTorch 0.1.1. Storages may be views of others, so that places are left out. */
export interface PytorchTarTensor {
  /** A number, under which the pickle refers to it; names are in the pickle alone. */
  readonly key: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

const memberNames = new Set(['sys_info', 'pickle', 'storages', 'tensors']);

/** True for a tar that begins with one of the four members that such a file has. */
export function isPytorchTar(head: Uint8Array): boolean {
  return isTar(head) && memberNames.has(Buffer.from(head.subarray(0, head.indexOf(0))).toString('latin1'));
}

/**
 * Reads the list of tensors of a tar as PyTorch 0.1.1 wrote it (`legacy_load` of torch/serialization.py): a number of
 * tensors, and for each a pickle of its key, its storage and its class, with dimensions, strides and an offset behind.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readPytorchTar(source: ByteSource): Promise<PytorchTarTensor[]> {
  const ranges = new Map<string, ByteRange>();
  let members = 0;
  for await (const { name, type, size, offset } of readTar(source, requireEnd)) {
    if (++members > limits.archiveMembers)
      throw error('E_LIMIT', `more than ${limits.archiveMembers} members`);
    if (type === 'file' && !ranges.has(name)) ranges.set(name, { offset, length: size });
  }
  const tensors = ranges.get('tensors');
  if (!tensors || !ranges.has('storages') || !ranges.has('pickle'))
    throw error('E_MALFORMED', 'a member is missing');
  return readTarTensors(subrange(source, tensors));
}

/** Without its end nobody knows what else there was. */
function requireEnd({ kind, detail }: TarAnomaly): void {
  if (kind === 'no-end') throw error('E_MALFORMED', detail);
}

/** Reads the member `tensors`. */
export async function readTarTensors(source: ByteSource): Promise<PytorchTarTensor[]> {
  const window = new ByteWindow(source, { format: 'pytorch' });
  const first = await nextPickle(source, 0);
  const count = first.value.kind === 'int' && isCount(first.value.value) ? first.value.value : undefined;
  // A pickle takes two bytes at least, and the numbers behind it 16.
  if (count === undefined || count * 18 > source.size) throw error('E_MALFORMED', 'the number of tensors');
  if (count > limits.tensorsPerFile) throw error('E_LIMIT', `${count} tensors`);
  const tensors: PytorchTarTensor[] = [];
  let at = first.end;
  while (tensors.length < count) {
    const { value, end } = await nextPickle(source, at);
    window.seek(end);
    await window.fill(8);
    const dimensions = window.u32();
    if (dimensions > limits.tensorDimensions) throw error('E_LIMIT', `${dimensions} dimensions`);
    window.skip(4);
    await window.fill(16 * dimensions + 8);
    const shape = Array.from({ length: dimensions }, () => window.length64());
    if (elementCount(shape) === undefined) throw error('E_MALFORMED', 'a tensor larger than any file');
    at = window.position + 8 * dimensions + 8;
    tensors.push({ ...described(value), shape });
  }
  return tensors;
}

/** `(key, storage, torch.FloatTensor)` */
function described(value: PickleValue): { key: string; dtype: string } {
  const [key, , type] = value.kind === 'tuple' ? value.items : [];
  const name = type?.kind === 'global' ? type.name.replace(/Tensor$/, 'Storage') : '';
  const dtype = pytorchStorageType(name);
  if ((key?.kind !== 'int' && key?.kind !== 'text') || dtype === undefined || !pytorchElementBytes(dtype)) {
    throw error('E_MALFORMED', 'a tensor without a key or a type');
  }
  return { key: String(key.value), dtype };
}

async function nextPickle(source: ByteSource, at: number): Promise<{ value: PickleValue; end: number }> {
  const { values, end } = await readPickle(source, { at, streams: 1 });
  const [value] = values;
  if (value) return { value, end };
  throw error('E_MALFORMED', `no pickle at ${at} of the tensors`);
}

function error(code: 'E_MALFORMED' | 'E_LIMIT', message: string): MlbomError {
  return new MlbomError(code, `pytorch: ${message}`, { rule: 'pytorch-tar' });
}
