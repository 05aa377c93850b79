import { canonicalBytes } from '../core/canonical-json.ts';
import { isHexOf, sha256 } from '../core/digest.ts';
import { MlbomError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { isCount } from '../core/json-access.ts';
import { limits } from '../core/limits.ts';
import type { TensorRecord } from '../core/manifest.ts';

/**
 * SHA-256, in hex, of the canonical tensor table: the compact rows `[name, dtype, shape, offset, length, sha256?]` of
 * the sidecar, sorted by offset, in canonical form (RFC 8785).
 */
export function tensorRoot(tensors: readonly TensorRecord[]): string {
  return sha256(canonicalBytes(tensorRows(tensors)));
}

/** The rows of the table. */
export function tensorRows(tensors: readonly TensorRecord[]): JsonValue[] {
  return tensors.map(({ name, dtype, shape, offset, length, sha256 }) => {
    return [name, dtype, [...shape], offset, length, ...(sha256 === undefined ? [] : [sha256])];
  });
}

/**
 * Reads the rows of a file of `size` bytes.
 * @throws MlbomError `E_MALFORMED` for a row of another form, outside the file or out of order; `E_LIMIT`
 */
export function readTensorRows(rows: JsonValue, size: number, subject: string): TensorRecord[] {
  if (!Array.isArray(rows)) throw malformed(subject, 'the tensor table is not a list');
  if (rows.length > limits.tensorsPerFile) {
    throw new MlbomError('E_LIMIT', `${subject}: ${rows.length} tensors are too many`, { subject });
  }
  let offset = 0;
  return rows.map((row) => {
    const tensor = readRow(row, size, subject);
    if (tensor.offset < offset) throw malformed(subject, 'the tensors are not sorted by offset');
    offset = tensor.offset;
    return tensor;
  });
}

function readRow(row: JsonValue, size: number, subject: string): TensorRecord {
  if (!Array.isArray(row) || row.length < 5 || row.length > 6) {
    throw malformed(subject, 'a tensor row has another form');
  }
  const [name, dtype, shape, offset, length, digest] = row;
  if (typeof name !== 'string' || typeof dtype !== 'string') {
    throw malformed(subject, 'a tensor has no name or dtype');
  }
  if (!isCount(offset) || !isCount(length) || offset > size - length) {
    throw malformed(subject, `tensor ${JSON.stringify(name.slice(0, 80))} leaves the file`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw malformed(subject, 'a shape is not a list of numbers');
  }
  if (shape.length > limits.tensorDimensions) {
    throw new MlbomError('E_LIMIT', `${subject}: ${shape.length} dimensions are too many`, { subject });
  }
  if (digest === undefined) return { name, dtype, shape, offset, length };
  if (typeof digest !== 'string' || !isHexOf('sha256', digest)) {
    throw malformed(subject, 'a tensor digest is no SHA-256');
  }
  return { name, dtype, shape, offset, length, sha256: digest };
}

function malformed(subject: string, why: string): MlbomError {
  return new MlbomError('E_MALFORMED', `${subject}: ${why}`, { subject, rule: 'tensor-table' });
}
