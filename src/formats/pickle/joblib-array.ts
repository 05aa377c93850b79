import { elementCount } from '../element-count.ts';
import type { PickleCall, PickleValue } from './value.ts';

/** What follows a wrapper of joblib in the file, in place of an opcode. */
export type JoblibArray =
  | { readonly kind: 'pickle' }
  | {
      readonly kind: 'bytes';
      readonly length: number;
      /** True when a byte comes first that says how many bytes of padding follow it (joblib 1.2). */
      readonly aligned: boolean;
    }
  /** One whose shape or dtype cannot be told. */
  | { readonly kind: 'unknown' };

/**
 * What lies after the BUILD of this value: joblib's unpickler reads an array's data there (`numpy_pickle.py`,
 * `NumpyArrayWrapper.read_array`). Undefined for all other values.
 */
export function joblibArrayAfter(value: PickleValue): JoblibArray | undefined {
  if (value.kind !== 'call' || !isWrapper(value)) return undefined;
  const shape = field(value, 'shape');
  const dtype = field(value, 'dtype');
  if (shape?.kind !== 'tuple' || dtype === undefined) return { kind: 'unknown' };
  const size = itemSize(dtype);
  if (size === 'object') return { kind: 'pickle' };
  const dimensions = shape.items.map((item) => (item.kind === 'int' ? Number(item.value) : NaN));
  if (size === undefined || !dimensions.every((n) => Number.isSafeInteger(n) && n >= 0))
    return { kind: 'unknown' };
  const length = (elementCount(dimensions) ?? NaN) * size;
  const alignment = field(value, 'numpy_array_alignment_bytes');
  const aligned = alignment !== undefined && alignment.kind !== 'none';
  return Number.isSafeInteger(length) ? { kind: 'bytes', length, aligned } : { kind: 'unknown' };
}

const wrapperModules = ['joblib.numpy_pickle', 'sklearn.externals.joblib.numpy_pickle'];

function isWrapper({ callee }: PickleCall): boolean {
  return (
    callee.kind === 'global' && callee.name === 'NumpyArrayWrapper' && wrapperModules.includes(callee.module)
  );
}

/** A field of the dict that BUILD gave; of two, the later one counts. */
function field({ state }: PickleCall, name: string): PickleValue | undefined {
  if (state?.kind !== 'dict') return undefined;
  return state.entries.findLast(([key]) => key.kind === 'text' && key.value === name)?.[1];
}

/** Bytes of an element; `object` where elements are Python objects, which are pickled instead. */
function itemSize(dtype: PickleValue): number | 'object' | undefined {
  if (dtype.kind !== 'call' || dtype.callee.kind !== 'global' || dtype.callee.name !== 'dtype')
    return undefined;
  const first = dtype.args.kind === 'tuple' ? dtype.args.items[0] : undefined;
  const code = first?.kind === 'text' ? first.value : '';
  if (code.startsWith('O') || code.startsWith('|O')) return 'object';
  // `(version, byte order, subarray, names, fields, item size, alignment, flags)`
  const state = dtype.state?.kind === 'tuple' ? dtype.state.items : [];
  const flags = state[7];
  if (flags?.kind === 'int' && (Number(flags.value) & hasReferences) !== 0) return 'object';
  const size = state[5];
  if (size?.kind === 'int' && size.value >= 0) return Number(size.value);
  const [, kind, digits] = /^[<>|=]?([A-Za-z?])(\d{0,9})$/.exec(code) ?? [];
  if (kind === undefined || digits === undefined || digits === '') return undefined;
  return (kind === 'U' ? 4 : 1) * Number(digits);
}

/** NumPy's `NPY_ITEM_REFCOUNT`: elements, or fields of them, are references to objects. */
const hasReferences = 0x01;
