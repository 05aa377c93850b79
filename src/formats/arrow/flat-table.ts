import { MlbomError } from '../../core/errors.ts';
import { decodeUtf8 } from '../../core/json.ts';

/**
 * A table of a FlatBuffer (flatbuffers.dev, "FlatBuffer Internals") in memory: fields by number, each at the place that
 * the table's vtable gives. Every access is checked. Tables may be shared, so that a caller who descends counts.
 * @throws MlbomError `E_MALFORMED` from every method
 */
export class FlatTable {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableBytes: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
    this.#need(at, 4);
    this.#vtable = at - this.#view.getInt32(at, true);
    this.#need(this.#vtable, 4);
    this.#vtableBytes = this.#view.getUint16(this.#vtable, true);
    this.#need(this.#vtable, this.#vtableBytes);
  }

  /** The root table of a buffer. */
  static root(bytes: Uint8Array): FlatTable {
    if (bytes.length < 8) throw malformed(0);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(bytes, view.getUint32(0, true));
  }

  u8(field: number, fallback = 0): number {
    const at = this.#place(field, 1);
    return at === undefined ? fallback : this.#view.getUint8(at);
  }

  i16(field: number, fallback = 0): number {
    const at = this.#place(field, 2);
    return at === undefined ? fallback : this.#view.getInt16(at, true);
  }

  i32(field: number, fallback = 0): number {
    const at = this.#place(field, 4);
    return at === undefined ? fallback : this.#view.getInt32(at, true);
  }

  i64(field: number): bigint {
    const at = this.#place(field, 8);
    return at === undefined ? 0n : this.#view.getBigInt64(at, true);
  }

  text(field: number): string | undefined {
    const at = this.#target(field);
    if (at === undefined) return undefined;
    const length = this.#count(at, 1);
    return decodeUtf8(this.#bytes.subarray(at + 4, at + 4 + length), 'flatbuffer');
  }

  table(field: number): FlatTable | undefined {
    const at = this.#target(field);
    return at === undefined ? undefined : new FlatTable(this.#bytes, at);
  }

  /** The tables of a vector, one by one. */
  *tables(field: number): Generator<FlatTable> {
    const at = this.#target(field);
    if (at === undefined) return;
    const count = this.#count(at, 4);
    for (let i = 0, place = at + 4; i < count; i++, place += 4) {
      yield new FlatTable(this.#bytes, place + this.#view.getUint32(place, true));
    }
  }

  /** The structs of a vector, `bytes` each. */
  *structs(field: number, bytes: number): Generator<DataView> {
    const at = this.#target(field);
    if (at === undefined) return;
    const count = this.#count(at, bytes);
    // Structs of 64-bit numbers lie at a multiple of eight, and so does the vector's first element.
    for (let i = 0; i < count; i++) {
      yield new DataView(this.#view.buffer, this.#view.byteOffset + at + 4 + i * bytes, bytes);
    }
  }

  /** How many elements a vector says it has; they need not be there. */
  length(field: number): number {
    const at = this.#target(field);
    return at === undefined ? 0 : this.#view.getUint32(at, true);
  }

  /** Where a field's own bytes lie; undefined when it is not set. */
  #place(field: number, bytes: number): number | undefined {
    const slot = 4 + 2 * field;
    if (slot + 2 > this.#vtableBytes) return undefined;
    const offset = this.#view.getUint16(this.#vtable + slot, true);
    if (offset === 0) return undefined;
    this.#need(this.#at + offset, bytes);
    return this.#at + offset;
  }

  /** Where what a field refers to begins, with four bytes there. */
  #target(field: number): number | undefined {
    const at = this.#place(field, 4);
    if (at === undefined) return undefined;
    const target = at + this.#view.getUint32(at, true);
    this.#need(target, 4);
    return target;
  }

  /** The length of the vector at `at`, whose elements are there. */
  #count(at: number, bytes: number): number {
    const count = this.#view.getUint32(at, true);
    this.#need(at + 4, count * bytes);
    return count;
  }

  #need(at: number, bytes: number): void {
    if (at < 0 || at + bytes > this.#bytes.length) throw malformed(at);
  }
}

function malformed(at: number): MlbomError {
  return new MlbomError('E_MALFORMED', `flatbuffer: a place outside of it (${at})`, {
    rule: 'flatbuffer-place',
  });
}
