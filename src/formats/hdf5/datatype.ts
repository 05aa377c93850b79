import type { Hdf5Cursor } from './hdf5-cursor.ts';

/** What the elements of a dataset or an attribute are. */
export interface Hdf5Type {
  /** safetensors' name for numbers (`F32`); else the class in words. */
  readonly name: string;
  readonly kind: 'integer' | 'float' | 'fixed-text' | 'text' | 'other';
  /** Bytes of one element. */
  readonly size: number;
  readonly signed: boolean;
  readonly bigEndian: boolean;
}

const classes = [
  'integer',
  'float',
  'time',
  'string',
  'bitfield',
  'opaque',
  'compound',
  'reference',
  'enum',
  'sequence',
  'array',
  'complex',
] as const;

/**
 * Reads a datatype message (IV.A.2.d) as far as the class and size of its elements; the parts of compound types are
 * not told. Big-endian numbers have NumPy's `>` before their names.
 */
export function readDatatype(cursor: Hdf5Cursor): Hdf5Type {
  const first = cursor.u8();
  const bits = cursor.uint(3);
  const size = cursor.u32();
  const bigEndian = (bits & 1) === 1;
  const name = classes[first & 0x0f] ?? 'unknown';
  const common = { size, bigEndian, signed: (bits & 8) !== 0 };
  if (name === 'integer') {
    const letter = common.signed ? 'I' : 'U';
    return { ...common, kind: 'integer', name: numberName(letter, size, bigEndian) };
  }
  if (name === 'float') return { ...common, kind: 'float', name: floatName(cursor, size, bigEndian) };
  if (name === 'string') return { ...common, kind: 'fixed-text', name };
  // The lowest four bits of a sequence: 1 is a string of variable length.
  if (name === 'sequence' && (bits & 0x0f) === 1) return { ...common, kind: 'text', name: 'string' };
  // What h5py writes a truth value as: an enumeration of one byte.
  if (name === 'enum' && size === 1) return { ...common, kind: 'other', name: 'BOOL' };
  // HDF5 2.0's own complex numbers; before, they were compounds.
  if (name === 'complex') return { ...common, kind: 'other', name: `C${8 * size}` };
  return { ...common, kind: 'other', name };
}

/** Half precision and bfloat16 have the same size; their exponents have 5 and 8 bits. */
function floatName(cursor: Hdf5Cursor, size: number, bigEndian: boolean): string {
  cursor.skip(5);
  const exponentBits = cursor.u8();
  const mantissaBits = (cursor.skip(1), cursor.u8());
  if (size === 2 && exponentBits === 8) return bigEndian ? '>BF16' : 'BF16';
  if (size === 1) return `F8_E${exponentBits}M${mantissaBits}`;
  return numberName('F', size, bigEndian);
}

function numberName(letter: string, size: number, bigEndian: boolean): string {
  return `${bigEndian && size > 1 ? '>' : ''}${letter}${8 * size}`;
}
