import { MlbomError } from '../core/errors.ts';
import { elementCount } from './element-count.ts';
import type { PythonLiteral } from './npy-literal.ts';

/** The type of the elements of a NumPy array. */
export interface NumpyType {
  /** NumPy's own notation: `<f4`, `|O`, or `{id:<i8, vector:<f4[128]}` for a record. */
  readonly text: string;
  /** Of one element; absent where the notation does not say. */
  readonly bytes?: number;
  /** Whether elements, or a field of them, are Python objects, which are stored as a pickle. */
  readonly hasObjects: boolean;
}

/** Kinds whose number counts bytes; that of `U` counts characters of four bytes, `t` counts bits. */
const byteKinds = /^[?bhilqBHILQefdgFDGiucSaVmMpP]$/;
/** `T` is the string of variable length of NumPy 2, which is stored as objects are. */
const objectKinds = /^[OT]$/;

/**
 * The type that a `descr` literal describes (numpy/lib/format.py, `descr_to_dtype`).
 * @throws MlbomError `E_MALFORMED`
 */
export function numpyType(descr: PythonLiteral): NumpyType {
  if (descr.kind === 'text') return simpleType(descr.value);
  if (descr.kind === 'list') return recordType(descr.items);
  if (descr.kind === 'tuple' && descr.items.length === 2) {
    const [base, shape] = descr.items;
    if (base !== undefined && shape !== undefined) return arrayType(numpyType(base), shape);
  }
  throw malformed('descr is no type');
}

function simpleType(text: string): NumpyType {
  const match = /^[<>|=]?([A-Za-z?])(\d{0,9})(?:\[[\w/ ]{1,20}\])?$/.exec(text);
  if (!match) throw malformed(`the type ${JSON.stringify(text.slice(0, 40))}`);
  const [, kind = '', digits = ''] = match;
  if (objectKinds.test(kind)) return { text, hasObjects: true };
  if (digits === '') return { text, hasObjects: false };
  if (kind === 'U') return { text, bytes: 4 * Number(digits), hasObjects: false };
  return { text, hasObjects: false, ...(byteKinds.test(kind) ? { bytes: Number(digits) } : {}) };
}

/** A list of `(name, type)` or `(name, type, shape)`; a name may be `(title, name)`. */
function recordType(fields: readonly PythonLiteral[]): NumpyType {
  const types = fields.map((field) => {
    if (field.kind !== 'tuple') throw malformed('a field is no tuple');
    const [name, base, shape] = field.items;
    if (name === undefined || base === undefined || field.items.length > 3)
      throw malformed('a field without a type');
    const type = numpyType(base);
    return { name: fieldName(name), type: shape === undefined ? type : arrayType(type, shape) };
  });
  const sizes = types.map(({ type }) => type.bytes);
  const known = sizes.every((size) => size !== undefined);
  return {
    text: `{${types.map(({ name, type }) => `${name}:${type.text}`).join(', ')}}`,
    hasObjects: types.some(({ type }) => type.hasObjects),
    ...(known ? { bytes: sizes.reduce((sum, size) => sum + size, 0) } : {}),
  };
}

function fieldName(name: PythonLiteral): string {
  const last = name.kind === 'tuple' ? name.items.at(-1) : name;
  if (last?.kind !== 'text') throw malformed('a field without a name');
  return last.value;
}

function arrayType(base: NumpyType, shape: PythonLiteral): NumpyType {
  const items = shape.kind === 'tuple' ? shape.items : [shape];
  const sizes = items.map((item) => (item.kind === 'int' && item.value >= 0 ? item.value : NaN));
  const count = elementCount(sizes);
  if (count === undefined) throw malformed('the shape of a field');
  const text = `${base.text}[${sizes.join(',')}]`;
  const bytes = base.bytes === undefined ? undefined : base.bytes * count;
  return { text, hasObjects: base.hasObjects, ...(bytes === undefined ? {} : { bytes }) };
}

function malformed(message: string): MlbomError {
  return new MlbomError('E_MALFORMED', `npy: ${message}`, { rule: 'npy-type' });
}
