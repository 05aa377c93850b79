import { isCount } from '../core/json-access.ts';
import { elementCount } from './element-count.ts';
import type { PickleCall, PickleValue } from './pickle/value.ts';
import { pytorchElementBytes, pytorchStorageType } from './pytorch-types.ts';

/** A run of elements that tensors look into; its bytes lie elsewhere under its key. */
export interface PytorchStorage {
  readonly key: string;
  /** `float32`; `uint8` for an untyped one. */
  readonly dtype: string;
  readonly elementBytes: number;
  /** Bytes, as the pickle declares them. */
  readonly bytes: number;
}

export interface PytorchTensor {
  /** PyTorch's own name without `torch.`: `bfloat16`. */
  readonly dtype: string;
  /** Row-major. */
  readonly shape: readonly number[];
  /** Absent for one without data. */
  readonly storage?: PytorchStorage;
  /** Bytes into the storage. */
  readonly begin: number;
  /** Bytes of the storage, from its beginning, that the tensor reaches into. */
  readonly end: number;
  /** Bytes from `begin` on that are its elements in row-major order; 0 where they lie otherwise, or nowhere. */
  readonly length: number;
}

/**
 * The tensor that a call rebuilds: `torch._utils._rebuild_tensor` and its later forms, all of which begin with a storage,
 * an offset, a size and a stride (torch/_utils.py). Undefined for other calls, and for shapes that no storage holds.
 */
export function pytorchTensor(call: PickleCall): PytorchTensor | undefined {
  const args = call.args.kind === 'tuple' ? call.args.items : [];
  if (isNamed(call.callee, '_rebuild_meta_tensor_no_storage')) return tensorWithoutData(args);
  const storage = storageOf(args[0]);
  const offset = countOf(args[1]);
  const shape = countsOf(args[2]);
  const stride = countsOf(args[3]);
  if (!storage || offset === undefined || !shape || stride?.length !== shape.length) return undefined;
  // The third form has an untyped storage and says the type itself.
  const dtype = isNamed(call.callee, '_rebuild_tensor_v3')
    ? (nameOf(args[6]) ?? storage.dtype)
    : storage.dtype;
  const size = pytorchElementBytes(dtype);
  const elements = elementCount(shape);
  if (size === undefined || elements === undefined) return undefined;
  const reach = elements === 0 ? 0 : shape.reduce((sum, count, i) => sum + (count - 1) * (stride[i] ?? 0), 1);
  const [begin, end, bytes] = [offset * size, (offset + reach) * size, elements * size];
  if (!Number.isSafeInteger(end) || !Number.isSafeInteger(bytes)) return undefined;
  const length = isRowMajor(shape, stride) ? bytes : 0;
  return { dtype, shape, storage, begin, end, length };
}

/** The storage that `persistent_load` would give: `('storage', type, key, location, elements[, view])`. */
function storageOf(value: PickleValue | undefined): PytorchStorage | undefined {
  if (value?.kind !== 'persistent' || value.id.kind !== 'tuple') return undefined;
  const [word, type, key, , count] = value.id.items;
  const elements = countOf(count);
  if (word?.kind !== 'text' || word.value !== 'storage' || elements === undefined) return undefined;
  const name = key?.kind === 'text' ? key.value : undefined;
  const dtype = pytorchStorageType(nameOf(type) ?? '');
  const elementBytes = dtype === undefined ? undefined : pytorchElementBytes(dtype);
  if (name === undefined || dtype === undefined || elementBytes === undefined) return undefined;
  return { key: name, dtype, elementBytes, bytes: elements * elementBytes };
}

function tensorWithoutData(args: readonly PickleValue[]): PytorchTensor | undefined {
  const dtype = nameOf(args[0]);
  const shape = countsOf(args[1]);
  if (dtype === undefined || !shape || elementCount(shape) === undefined) return undefined;
  return { dtype, shape, begin: 0, end: 0, length: 0 };
}

/** Dimensions of one element may have any stride. */
function isRowMajor(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const count = shape[i] ?? 0;
    if (count === 0) return true;
    if (count !== 1 && stride[i] !== expected) return false;
    expected *= count;
  }
  return true;
}

function isNamed(value: PickleValue, name: string): boolean {
  return value.kind === 'global' && value.module === 'torch._utils' && value.name === name;
}

function nameOf(value: PickleValue | undefined): string | undefined {
  return value?.kind === 'global' ? value.name : undefined;
}

function countOf(value: PickleValue | undefined): number | undefined {
  return value?.kind === 'int' && isCount(value.value) ? value.value : undefined;
}

/** A `torch.Size` is a tuple, or a call with one. */
function countsOf(value: PickleValue | undefined): number[] | undefined {
  const tuple = value?.kind === 'call' && value.args.kind === 'tuple' ? value.args.items[0] : value;
  if (tuple?.kind !== 'tuple' && tuple?.kind !== 'list') return undefined;
  const counts = tuple.items.map(countOf);
  return counts.length <= 64 && counts.every((count) => count !== undefined) ? counts : undefined;
}
