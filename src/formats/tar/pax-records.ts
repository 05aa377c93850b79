import { tarError, type TarText } from './tar-header.ts';

/** Values that are names: bytes, whatever the standard says. */
const names = new Set(['path', 'linkpath', 'GNU.sparse.name']);

/**
 * The records of an extended header (POSIX.1-2017 pax, "pax Extended Header"): `length key=value\n`; a later one wins.
 * @param text makes text of names
 * @throws MlbomError `E_MALFORMED` (`tar-pax`)
 */
export function paxRecords(bytes: Uint8Array, offset: number, text: TarText): Map<string, string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records = new Map<string, string>();
  for (let at = 0; at < buffer.length && buffer[at] !== 0;) {
    const space = buffer.indexOf(0x20, at);
    // Twenty digits are more than any length has.
    const digits = space < 0 || space - at > 20 ? '' : buffer.toString('latin1', at, space);
    const length = /^\d+$/.test(digits) ? Number(digits) : 0;
    const equals = buffer.indexOf(0x3d, space);
    const end = at + length;
    if (length === 0 || end > buffer.length || equals < 0 || equals >= end || buffer[end - 1] !== 0x0a) {
      throw tarError('E_MALFORMED', 'pax', 'an extended header that is no list of records', offset + at);
    }
    const key = buffer.toString('utf8', space + 1, equals);
    const value = buffer.subarray(equals + 1, end - 1);
    records.set(key, names.has(key) ? text(value) : value.toString('utf8'));
    at = end;
  }
  return records;
}
