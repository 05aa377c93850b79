import { MlbomError, type ErrorCode } from '../../core/errors.ts';

/** One block of 512 bytes before each member (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar's tar.h). */
export interface TarHeader {
  readonly name: string;
  /** Bytes of data that the header announces. */
  readonly size: number;
  readonly typeflag: string;
  readonly link: string;
  /** GNU's sparse files: bytes of the file when unpacked, and whether more of the map follows. */
  readonly sparse?: { readonly size: number; readonly extended: boolean };
}

/** Makes text of the bytes of a name. */
export type TarText = (bytes: Uint8Array) => string;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An archive that cannot be read: `tar-<rule>`. */
export function tarError(code: ErrorCode, rule: string, message: string, offset: number): MlbomError {
  return new MlbomError(code, `tar: ${message} (at ${offset})`, { rule: `tar-${rule}`, offset });
}

/** @throws MlbomError `E_MALFORMED` (`tar-checksum`, `tar-number`) */
export function parseTarHeader(block: Uint8Array, offset: number, text: TarText = tarText): TarHeader {
  if (!hasChecksum(block)) throw tarError('E_MALFORMED', 'checksum', 'no header where one should be', offset);
  const typeflag = String.fromCharCode(block[156] ?? 0);
  const prefix = isPosix(block) ? upToNul(block, 345, 500) : noBytes;
  const name = upToNul(block, 0, 100);
  return {
    // Joined before it becomes text: a character may begin in one part and end in the other.
    name: text(prefix.length === 0 ? name : Buffer.concat([prefix, slash, name])),
    size: numberAt(block, 124, 12, offset),
    typeflag,
    link: text(upToNul(block, 157, 257)),
    ...(typeflag === 'S'
      ? { sparse: { size: numberAt(block, 483, 12, offset), extended: block[482] !== 0 } }
      : {}),
  };
}

/** The sum of all bytes with the checksum's own taken for spaces; very old writers added signed bytes. */
export function hasChecksum(block: Uint8Array): boolean {
  const declared = octal(block.subarray(148, 156));
  if (declared === undefined) return false;
  let unsigned = 8 * 32;
  let signed = 8 * 32;
  for (let at = 0; at < block.length; at++) {
    if (at === 148) at = 156;
    const byte = block[at] ?? 0;
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  return declared === unsigned || declared === signed;
}

/** UTF-8, or Latin-1 where it is not. */
export function tarText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

const noBytes = new Uint8Array();
const slash = Buffer.from('/');

/** A text in a field of fixed length. */
export function upToNul(block: Uint8Array, start = 0, end = block.length): Uint8Array {
  const nul = block.indexOf(0, start);
  return block.subarray(start, nul < 0 || nul > end ? end : nul);
}

/** `ustar` and a NUL; GNU's own headers have a space there, and other things in the place of the prefix. */
function isPosix(block: Uint8Array): boolean {
  const magic = [0x75, 0x73, 0x74, 0x61, 0x72, 0];
  return magic.every((byte, at) => block[257 + at] === byte);
}

/** Octal digits, or GNU's base 256 where the first bit is set. */
function numberAt(block: Uint8Array, at: number, length: number, offset: number): number {
  const bytes = block.subarray(at, at + length);
  const [first = 0] = bytes;
  const value = first & 0x80 ? base256(bytes) : octal(bytes);
  if (value !== undefined && Number.isSafeInteger(value)) return value;
  throw tarError('E_MALFORMED', 'number', 'a size that is no number', offset);
}

/** Negative numbers, which begin with 0xff, are nothing that a size can be. */
function base256(bytes: Uint8Array): number | undefined {
  const [first = 0, ...rest] = bytes;
  return first === 0x80 ? rest.reduce((value, byte) => value * 256 + byte, 0) : undefined;
}

/** Digits up to a NUL, with spaces around them; nothing but those is no number, and stands for 0. */
function octal(bytes: Uint8Array): number | undefined {
  let value = 0;
  let digits = 0;
  let ended = false;
  for (const byte of bytes) {
    if (byte === 0) break;
    if (isSpace(byte)) {
      ended = digits > 0;
      continue;
    }
    // A double carries sixteen octal digits.
    if (ended || byte < 0x30 || byte > 0x37 || ++digits > 16) return undefined;
    value = value * 8 + byte - 0x30;
  }
  return value;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xa0;
}
