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

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An archive that cannot be read: `tar-<rule>`. */
export function tarError(code: ErrorCode, rule: string, message: string, offset: number): MlbomError {
  return new MlbomError(code, `tar: ${message} (at ${offset})`, { rule: `tar-${rule}`, offset });
}

/** @throws MlbomError `E_MALFORMED` (`tar-checksum`, `tar-number`) */
export function parseTarHeader(block: Uint8Array, offset: number): TarHeader {
  if (!hasChecksum(block)) throw tarError('E_MALFORMED', 'checksum', 'no header where one should be', offset);
  const typeflag = String.fromCharCode(block[156] ?? 0);
  const posix = tarText(block.subarray(257, 263)) === 'ustar' && block[262] === 0;
  const prefix = posix ? tarText(block.subarray(345, 500)) : '';
  const name = tarText(block.subarray(0, 100));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: numberAt(block, 124, 12, offset),
    typeflag,
    link: tarText(block.subarray(157, 257)),
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
  for (const [at, byte] of block.entries()) {
    if (at >= 148 && at < 156) continue;
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  return declared === unsigned || declared === signed;
}

/** Up to the first NUL; UTF-8, or Latin-1 where it is not. */
export function tarText(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  const used = nul < 0 ? bytes : bytes.subarray(0, nul);
  try {
    return utf8.decode(used);
  } catch {
    return Buffer.from(used).toString('latin1');
  }
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

function octal(bytes: Uint8Array): number | undefined {
  const digits = Buffer.from(bytes).toString('latin1').replace(/\0.*$/s, '').trim();
  if (digits === '') return 0;
  return /^[0-7]{1,16}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}
