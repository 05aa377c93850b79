import { limits } from '../../core/limits.ts';
import type { Hdf5Cursor } from './hdf5-cursor.ts';
import { hdf5Error } from './hdf5-error.ts';

/** The dimensions of a dataspace message (IV.A.2.b): none for a scalar, `undefined` for one that holds nothing. */
export function readDataspace(cursor: Hdf5Cursor): readonly number[] | undefined {
  const version = cursor.u8();
  const rank = cursor.u8();
  const flags = cursor.u8();
  if (version !== 1 && version !== 2)
    throw hdf5Error('E_UNSUPPORTED', 'dataspace', `a dataspace of version ${version}`);
  // Version 1 has five reserved bytes, version 2 the kind: 2 is the null dataspace.
  if (version === 1) cursor.skip(5);
  else if (cursor.u8() === 2) return undefined;
  if (rank > limits.tensorDimensions) throw hdf5Error('E_LIMIT', 'dimensions', `${rank} dimensions`);
  const shape = Array.from({ length: rank }, () => cursor.length());
  if (flags & 1) for (let i = 0; i < rank; i++) cursor.length();
  if (!shape.every(Number.isSafeInteger))
    throw hdf5Error('E_MALFORMED', 'dataspace', 'a dimension beyond 2^53');
  return shape;
}
