import { narrowInteger } from '../narrow-integer.ts';
import { sqliteError } from './sqlite-error.ts';
import { readLength } from './varint.ts';

export type SqliteValue = null | number | bigint | string | Uint8Array;
export type SqliteEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const decoders = {
  'utf-8': new TextDecoder('utf-8', { ignoreBOM: true }),
  'utf-16le': new TextDecoder('utf-16le', { ignoreBOM: true }),
  'utf-16be': new TextDecoder('utf-16be', { ignoreBOM: true }),
};

/** Bytes of the integers with serial types 1 to 6. */
const integerBytes = [0, 1, 2, 3, 4, 6, 8];

/**
 * The values of a record (fileformat2.html §2.1): a header of serial types, then what they announce.
 * SQLite does not check its texts; in those that are not of their encoding the wrong bytes become U+FFFD.
 * @throws MlbomError `E_MALFORMED`
 */
export function decodeRecord(bytes: Uint8Array, encoding: SqliteEncoding): SqliteValue[] {
  const header = { bytes, at: 0 };
  const end = readLength(header);
  if (end > bytes.length) throw truncated();
  header.bytes = bytes.subarray(0, end);
  const values: SqliteValue[] = [];
  let at = end;
  while (header.at < end) {
    const type = readLength(header);
    const length = lengthOf(type);
    if (length > bytes.length - at) throw truncated();
    values.push(valueOf(type, bytes.subarray(at, at + length), encoding));
    at += length;
  }
  return values;
}

function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  if (type === 7) return 8;
  if (type === 10 || type === 11)
    throw sqliteError('E_MALFORMED', 'serial-type', `the reserved serial type ${type}`);
  return integerBytes[type] ?? 0;
}

function valueOf(type: number, bytes: Uint8Array, encoding: SqliteEncoding): SqliteValue {
  if (type === 0) return null;
  if (type === 7) return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
  if (type === 8 || type === 9) return type - 8;
  if (type >= 12) return type % 2 === 0 ? Uint8Array.from(bytes) : decoders[encoding].decode(bytes);
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return narrowInteger(BigInt.asIntN(8 * bytes.length, value));
}

function truncated(): Error {
  return sqliteError('E_MALFORMED', 'record', 'a record is shorter than its header says');
}
