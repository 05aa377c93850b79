import { narrowInteger } from '../narrow-integer.ts';
import { sqliteError } from './sqlite-error.ts';

/** A position in bytes that one reader hands to the next. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/**
 * SQLite's variable-length integer (fileformat2.html §1.6): seven bits a byte, the highest first, and all eight of a
 * ninth. Two's complement, so that a length beyond 2^63 comes out negative.
 * @throws MlbomError `E_MALFORMED` where the bytes end before it does
 */
export function readVarint(cursor: Cursor): number | bigint {
  const { bytes } = cursor;
  let value = 0n;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[cursor.at];
    if (byte === undefined) throw sqliteError('E_MALFORMED', 'varint', 'an integer without an end');
    cursor.at++;
    // Almost all are of one byte.
    if (i === 0 && byte < 0x80) return byte;
    if (i === 8) return narrowInteger(BigInt.asIntN(64, (value << 8n) | BigInt(byte)));
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) break;
  }
  return narrowInteger(value);
}

/**
 * A varint that counts bytes.
 * @throws MlbomError `E_MALFORMED` when it is negative or more than any file has
 */
export function readLength(cursor: Cursor): number {
  const value = readVarint(cursor);
  if (typeof value === 'number' && value >= 0) return value;
  throw sqliteError('E_MALFORMED', 'length', `a length of ${String(value)}`);
}
