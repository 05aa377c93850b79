import { isUtf8 } from 'node:buffer';
import { MlbomError } from './errors.ts';

/**
 * A file name's bytes as Unicode text, injectively: what is valid UTF-8 stays as it is, every other byte becomes `%XX`,
 * and a `%` that would look like such an escape becomes `%25`.
 */
export function escapePath(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return escapePercent(buffer.toString('utf8'));
  let text = '';
  // Valid stretches are escaped as a whole: the `%` of an escape that follows one is no hexadecimal digit.
  for (let at = 0; at < buffer.length;) {
    const end = validUntil(buffer, at);
    text += escapePercent(buffer.toString('utf8', at, end));
    const byte = buffer[end];
    if (byte !== undefined) text += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    at = end + 1;
  }
  return text;
}

/**
 * The bytes that `escapePath` made a path of.
 * @throws MlbomError `E_MALFORMED` for text that it makes of nothing
 */
export function unescapePath(path: string): Buffer {
  const parts = path.split(/(%[0-9A-Fa-f]{2})/);
  const bytes = Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8'),
    ),
  );
  if (escapePath(bytes) === path) return bytes;
  throw new MlbomError('E_MALFORMED', `not an escaped path: ${path.slice(0, 160)}`, {
    subject: path.slice(0, 160),
  });
}

function escapePercent(text: string): string {
  return text.replace(/%(?=[0-9A-Fa-f]{2})/g, '%25');
}

/** Where the valid UTF-8 that starts at `start` ends. */
function validUntil(buffer: Buffer, start: number): number {
  let at = start;
  for (let first = buffer[at]; first !== undefined; first = buffer[at]) {
    const end = at + sequenceLength(first);
    if (end > buffer.length || !isUtf8(buffer.subarray(at, end))) break;
    at = end;
  }
  return at;
}

/** As the first byte says; wrong first bytes fail the check of the sequence. */
function sequenceLength(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
