import { hdf5Error } from './hdf5-error.ts';

/** How wide addresses and lengths are in one file, in bytes. */
export interface Hdf5Widths {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** Reads the fields of one structure in their order, little-endian as all of HDF5's own numbers are. */
export class Hdf5Cursor {
  readonly #bytes: Uint8Array;
  readonly #widths: Hdf5Widths;
  #at = 0;

  constructor(bytes: Uint8Array, widths: Hdf5Widths) {
    this.#bytes = bytes;
    this.#widths = widths;
  }

  /** Bytes from the start of the structure. */
  get position(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.uint(1);
  }

  u16(): number {
    return this.uint(2);
  }

  u32(): number {
    return this.uint(4);
  }

  /** An address relative to the base address; `undefined` for the undefined address, all bits of which are set. */
  address(): number | undefined {
    const { offsetBytes } = this.#widths;
    const undefinedAddress = this.#peek(offsetBytes).every((byte) => byte === 0xff);
    const value = this.uint(offsetBytes);
    return undefinedAddress ? undefined : value;
  }

  length(): number {
    return this.uint(this.#widths.lengthBytes);
  }

  /** An unsigned integer of 1 to 8 bytes. Above 2^53 it is rounded and stays above, so that comparisons come out right. */
  uint(width: number): number {
    const bytes = this.bytes(width);
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 256 + (bytes[i] ?? 0);
    return value;
  }

  bytes(count: number): Uint8Array {
    const bytes = this.#peek(count);
    this.#at += count;
    return bytes;
  }

  skip(count: number): void {
    this.bytes(count);
  }

  /** Goes on at the next multiple of eight from the start of the structure, or at its end. */
  align8(): void {
    this.#at = Math.min(this.#bytes.length, Math.ceil(this.#at / 8) * 8);
  }

  /** Text up to a NUL, which is passed over. @throws MlbomError `E_MALFORMED` when there is none */
  textToNul(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw hdf5Error('E_MALFORMED', 'text', 'a text does not end');
    const text = decodeText(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  #peek(count: number): Uint8Array {
    if (count <= this.remaining) return this.#bytes.subarray(this.#at, this.#at + count);
    throw hdf5Error('E_MALFORMED', 'structure', 'a structure ends before its last field');
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** ASCII and UTF-8 alike; what is neither shows as replacement characters, as the names are only shown. */
export function decodeText(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}
