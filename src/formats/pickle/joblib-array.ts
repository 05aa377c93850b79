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
      /** What about the dtype makes NumPy and others see different lengths. */
      readonly odd?: string;
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
  const length = (elementCount(dimensions) ?? NaN) * size.bytes;
  const alignment = field(value, 'numpy_array_alignment_bytes');
  const aligned = alignment !== undefined && alignment.kind !== 'none';
  if (!Number.isSafeInteger(length)) return { kind: 'unknown' };
  return { kind: 'bytes', length, aligned, ...(size.odd === undefined ? {} : { odd: size.odd }) };
}

const wrapperModules = ['joblib.numpy_pickle', 'sklearn.externals.joblib.numpy_pickle'];

/** By itself, or through the functions of copyreg that make an instance of their first argument. */
function isWrapper({ callee, args }: PickleCall): boolean {
  if (callee.kind !== 'global') return false;
  if (/^copy_?reg$/.test(callee.module) && makers.includes(callee.name)) {
    const made = args.kind === 'tuple' ? args.items[0] : undefined;
    return made?.kind === 'global' && isWrapperName(made.module, made.name);
  }
  return isWrapperName(callee.module, callee.name);
}

const makers = ['_reconstructor', '__newobj__', '__newobj_ex__'];

function isWrapperName(module: string, name: string): boolean {
  return name === 'NumpyArrayWrapper' && wrapperModules.includes(module);
}

/** A field of the dict that BUILD gave; of two, the later one counts. */
function field({ state }: PickleCall, name: string): PickleValue | undefined {
  if (state?.kind !== 'dict') return undefined;
  return state.entries.findLast(([key]) => key.kind === 'text' && key.value === name)?.[1];
}

interface ItemSize {
  readonly bytes: number;
  readonly odd?: string;
}

/** Bytes of an element; `object` where elements are Python objects, which are pickled instead. */
function itemSize(dtype: PickleValue): ItemSize | 'object' | undefined {
  if (dtype.kind !== 'call' || dtype.callee.kind !== 'global' || dtype.callee.name !== 'dtype')
    return undefined;
  const first = dtype.args.kind === 'tuple' ? dtype.args.items[0] : undefined;
  const code = first?.kind === 'text' ? first.value.replace(/^[<>|=]/, '') : '';
  // `(version, byte order, subarray, names, fields, item size, alignment, flags)`
  const state = dtype.state?.kind === 'tuple' ? dtype.state.items : [];
  const [flags, size] = [state[7], state[5]];
  // The flags that the state gives replace those of the code, whatever they are.
  const references = flags?.kind === 'int' ? (Number(flags.value) & hasReferences) !== 0 : undefined;
  if (references === true) return 'object';
  if (/^(?:O|object)/.test(code)) {
    if (references === undefined) return 'object';
    return { bytes: 8, odd: 'a dtype of objects says that it holds none' };
  }
  const given = size?.kind === 'int' && size.value >= 0 ? Number(size.value) : undefined;
  const [, kind, digits = ''] = /^([SaUV])(\d{0,9})$/.exec(code) ?? [];
  if (kind !== undefined) {
    // Only dtypes of flexible size take theirs from the state.
    if (given !== undefined) return { bytes: given };
    return digits === '' ? undefined : { bytes: (kind === 'U' ? 4 : 1) * Number(digits) };
  }
  const bytes = fixedSize(code);
  if (bytes === undefined) return undefined;
  if (given === undefined || given === bytes) return { bytes };
  return { bytes, odd: `a dtype of ${bytes} bytes says that it has ${given}` };
}

/** Bytes of a number, a truth or a time by its code: `f8`, `M8[ns]`, `d`, `float64`. */
function fixedSize(code: string): number | undefined {
  const [, digits] = /^[biufcmM](\d{1,2})(?:\[[\w/]{1,16}\])?$/.exec(code) ?? [];
  if (digits !== undefined) return Number(digits);
  const [, bits] = /^(?:u?int|float|complex)(\d{1,3})$/.exec(code) ?? [];
  if (bits !== undefined && Number(bits) % 8 === 0) return Number(bits) / 8;
  return codes.get(code);
}

const codes: ReadonlyMap<string, number> = new Map([
  ...['?', 'b', 'B', 'bool'].map((code) => [code, 1] as const),
  ...['h', 'H', 'e'].map((code) => [code, 2] as const),
  ...['i', 'I', 'f'].map((code) => [code, 4] as const),
  ...['q', 'Q', 'd', 'F'].map((code) => [code, 8] as const),
  ['D', 16] as const,
]);

/** NumPy's `NPY_ITEM_REFCOUNT`: elements, or fields of them, are references to objects. */
const hasReferences = 0x01;
