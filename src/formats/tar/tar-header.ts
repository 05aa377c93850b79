import { MlbomError, type ErrorCode } from '../../core/errors.ts';

/** One block of 512 bytes before each member (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar's tar.h). */
export interface TarHeader {
  readonly name: string;
  /** Bytes of data that the header announces. */
  readonly size: number;
  readonly typeflag: string;
  readonly link: string;
  /** What readers make different things of. */
  readonly disputes?: readonly TarDispute[];
  /** GNU's sparse files: bytes of the file when unpacked, and whether more of the map follows. */
  readonly sparse?: { readonly size: number; readonly extended: boolean };
}

/** Why readers differ over the name, the type or the size of a member. */
export interface TarDispute {
  readonly kind: 'name' | 'type' | 'size';
  readonly detail: string;
}

/** Makes text of the bytes of a name. */
export type TarText = (bytes: Uint8Array) => string;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An archive that cannot be read: `tar-<rule>`. */
export function tarError(code: ErrorCode, rule: string, message: string, offset: number): MlbomError {
  return new MlbomError(code, `tar: ${message} (at ${offset})`, { rule: `tar-${rule}`, offset });
}

/**
 * Reads a header as Go's archive/tar does, with which images are unpacked; where GNU tar or Python's tarfile read it in
 * another way, it says so.
 * @throws MlbomError `E_MALFORMED` (`tar-checksum`, `tar-number`)
 */
export function parseTarHeader(block: Uint8Array, offset: number, text: TarText = tarText): TarHeader {
  if (!hasChecksum(block)) throw tarError('E_MALFORMED', 'checksum', 'no header where one should be', offset);
  const typeflag = String.fromCharCode(block[156] ?? 0);
  const { prefix, disputed } = prefixOf(block, typeflag);
  const name = upToNul(block, 0, 100);
  const size = numberAt(block, 124, 12, offset);
  const disputes: TarDispute[] = [];
  if (disputed !== undefined) disputes.push({ kind: 'name', detail: disputed });
  if (beginsWithNul(block.subarray(148, 156)) || (size !== 0 && beginsWithNul(block.subarray(124, 136)))) {
    disputes.push({ kind: 'size', detail: 'a NUL before the digits of its size or its checksum' });
  }
  return {
    // Joined before it becomes text: a character may begin in one part and end in the other.
    name: text(prefix.length === 0 ? name : Buffer.concat([prefix, slash, name])),
    size,
    typeflag,
    link: text(upToNul(block, 157, 257)),
    ...(disputes.length > 0 ? { disputes } : {}),
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

const fullPrefix = [345, 500] as const;
/** In the headers of star, two times follow. */
const starPrefix = [345, 476] as const;
/** In those of GNU tar, times of access and of change stand there. */
const gnuTimes = [345, 357, 369] as const;

/** What stands before the name, and why readers differ over it, if they do. */
function prefixOf(block: Uint8Array, typeflag: string): { prefix: Uint8Array; disputed?: string } {
  const full = upToNul(block, ...fullPrefix);
  if (full.length === 0) return { prefix: noBytes };
  if (hasText(block, 257, 'ustar\0')) {
    if (!hasText(block, 508, 'tar\0')) return { prefix: full };
    const prefix = upToNul(block, ...starPrefix);
    return prefix.length === full.length
      ? { prefix }
      : { prefix, disputed: 'a prefix that runs into the times of star' };
  }
  const disputed = 'a prefix in a header of a kind that has none';
  // Python has no prefix for these.
  const isGnuType = 'LKS'.includes(typeflag);
  if (!hasText(block, 257, 'ustar  \0')) return { prefix: noBytes, ...(isGnuType ? {} : { disputed }) };
  // Go wrote such headers once, and still takes for a prefix what is no time.
  const [accessed, changed, end] = gnuTimes;
  const isPrefix = !isTime(block.subarray(accessed, changed)) || !isTime(block.subarray(changed, end));
  if (isPrefix && full.every((byte) => byte < 128)) return { prefix: full, disputed };
  return { prefix: noBytes, ...(isGnuType ? {} : { disputed }) };
}

/** Nothing, octal digits, or a number of 64 bits in base 256, which may be negative here. */
function isTime(bytes: Uint8Array): boolean {
  const [first = 0, ...rest] = bytes;
  if (first === 0) return true;
  if (!(first & 0x80)) return octal(bytes) !== undefined;
  const invert = first & 0x40 ? 0xff : 0;
  const high = rest.length - 8;
  const fits = ((first ^ invert) & 0x7f) === 0 && rest.slice(0, high).every((byte) => byte === invert);
  return fits && ((rest[high] ?? 0) ^ invert) < 0x80;
}

function hasText(block: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (block[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** True for a NUL before the first digit: GNU tar and Python end there, Go goes on. */
function beginsWithNul(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte !== space) return byte === 0;
  }
  return false;
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

const space = 0x20;

/** Digits up to a NUL, with spaces and NULs around them; nothing but those stands for 0. */
function octal(bytes: Uint8Array): number | undefined {
  let end = bytes.length;
  while (end > 0 && isFiller(bytes[end - 1])) end--;
  let at = 0;
  while (at < end && isFiller(bytes[at])) at++;
  let value = 0;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) break;
    if (byte < 0x30 || byte > 0x37) return undefined;
    value = value * 8 + byte - 0x30;
  }
  return value;
}

function isFiller(byte: number | undefined): boolean {
  return byte === 0 || byte === space;
}
