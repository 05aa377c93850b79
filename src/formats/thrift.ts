import { MlbomError } from '../core/errors.ts';
import { decodeUtf8 } from '../core/json.ts';

/** Types of the compact protocol; in a struct `true` and `false` are the value as well. */
export type ThriftType =
  | 'true'
  | 'false'
  | 'i8'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'double'
  | 'binary'
  | 'list'
  | 'set'
  | 'map'
  | 'struct'
  | 'uuid';

/** Called for each field; true when it read the value itself, anything else leaves it to be passed over. */
export type ThriftVisitor = (field: number, type: ThriftType) => boolean | undefined;

const types: readonly (ThriftType | undefined)[] = [
  undefined,
  'true',
  'false',
  'i8',
  'i16',
  'i32',
  'i64',
  'double',
  'binary',
  'list',
  'set',
  'map',
  'struct',
  'uuid',
];
/** Parquet's own structures are nested nine deep. */
const deepest = 32;
/** 64 bits, seven in each byte. */
const longestVarint = 10;

/**
 * Walks Thrift's compact protocol (thrift-compact-protocol.md) in memory. Nothing is kept that nobody asks for, and
 * no list is believed to be longer than the bytes that follow it.
 */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Visits the fields of a struct, in the order of the file. @throws MlbomError `E_MALFORMED`, `E_LIMIT` */
  struct(visit: ThriftVisitor): void {
    this.#deeper();
    for (let field = 0; ;) {
      const head = this.#byte();
      if (head === 0) break;
      const type = types[head & 15];
      if (type === undefined) throw thriftError('E_MALFORMED', 'type', 'an unknown type', this.#at);
      field = head >> 4 ? field + (head >> 4) : Number(this.#zigzag());
      if (visit(field, type) !== true) this.#skip(type);
    }
    this.#depth--;
  }

  /** Calls `each`, which has to read one element, for every element of a list. */
  list(each: (type: ThriftType) => void): void {
    this.#deeper();
    const head = this.#byte();
    const type = types[head & 15];
    if (type === undefined) throw thriftError('E_MALFORMED', 'type', 'an unknown type', this.#at);
    const count = head >> 4 === 15 ? this.#length() : head >> 4;
    // Every element takes a byte at least.
    this.#need(count);
    for (let i = 0; i < count; i++) each(type);
    this.#depth--;
  }

  /** An `i16`, `i32` or `i64`. */
  integer(): bigint {
    return this.#zigzag();
  }

  /** An `i8`. */
  byte(): number {
    return (this.#byte() << 24) >> 24;
  }

  /** A `binary` as text. @throws MlbomError `E_MALFORMED` unless UTF-8 */
  text(): string {
    return decodeUtf8(this.#take(this.#length()), 'thrift');
  }

  /** An element that nobody wants. */
  skip(type: ThriftType): void {
    // In a list a truth value has a byte of its own.
    if (type === 'true' || type === 'false') this.#take(1);
    else this.#skip(type);
  }

  #skip(type: ThriftType): void {
    switch (type) {
      case 'true':
      case 'false':
        return;
      case 'i8':
        this.#take(1);
        return;
      case 'i16':
      case 'i32':
      case 'i64':
        this.#varint();
        return;
      case 'double':
        this.#take(8);
        return;
      case 'uuid':
        this.#take(16);
        return;
      case 'binary':
        this.#take(this.#length());
        return;
      case 'list':
      case 'set':
        this.list((element) => {
          this.skip(element);
        });
        return;
      case 'struct':
        this.struct(() => false);
        return;
      case 'map':
        this.#skipMap();
        return;
    }
  }

  #skipMap(): void {
    this.#deeper();
    const count = this.#length();
    this.#need(count);
    const kinds = count > 0 ? this.#byte() : 0;
    const [key, value] = [types[kinds >> 4], types[kinds & 15]];
    for (let i = 0; i < count; i++) {
      if (key === undefined || value === undefined)
        throw thriftError('E_MALFORMED', 'type', 'an unknown type', this.#at);
      this.skip(key);
      this.skip(value);
    }
    this.#depth--;
  }

  #deeper(): void {
    if (++this.#depth > deepest) throw thriftError('E_LIMIT', 'depth', 'nested too deeply', this.#at);
  }

  #need(count: number): void {
    if (count > this.#bytes.length - this.#at)
      throw thriftError('E_MALFORMED', 'truncated', 'it ends before what it announces', this.#at);
  }

  #byte(): number {
    this.#need(1);
    return this.#bytes[this.#at++] ?? 0;
  }

  #take(count: number): Uint8Array {
    this.#need(count);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  #length(): number {
    return Number(this.#varint());
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  #varint(): bigint {
    let low = 0;
    let value = 0n;
    for (let i = 0; i < longestVarint; i++) {
      const byte = this.#byte();
      // Seven bytes are 49 bits, which a number holds exactly; few varints are longer.
      if (i < 7) low += (byte & 0x7f) * 2 ** (7 * i);
      else value += BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return BigInt.asUintN(64, value + BigInt(low));
    }
    throw thriftError('E_MALFORMED', 'varint', 'a number does not end', this.#at);
  }
}

function thriftError(
  code: 'E_MALFORMED' | 'E_LIMIT',
  rule: string,
  message: string,
  offset: number,
): MlbomError {
  return new MlbomError(code, `thrift: ${message} (at ${offset})`, { rule: `thrift-${rule}`, offset });
}
