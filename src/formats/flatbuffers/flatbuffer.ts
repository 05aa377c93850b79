import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { PagedReader } from '../paged-reader.ts';

/** Where a table lies, with the offsets of its fields; 0 for a field that takes its default. */
export interface FlatTable {
  /** In the file. */
  readonly offset: number;
  readonly fields: readonly number[];
}

/** A vector of tables or numbers, in the file. */
export interface FlatVector {
  /** Of its first element. */
  readonly offset: number;
  readonly count: number;
}

/** The largest vtable that is read; no schema of a model has more than thirty fields. */
const mostFields = 256;

/**
 * Reads FlatBuffers (flatbuffers.dev, "Binary format") at random, without the whole in memory: a model may have
 * gigabytes of weights in it. Each offset is held against the file, each vtable against its own length, and what is
 * read in all against limits; tables refer forward only, so that there are no circles.
 */
export class FlatBuffer {
  readonly #format: string;
  readonly #reader: PagedReader;
  #entries = 0;
  #text = 0;

  /** `format` begins the message and the rule of every error: `tflite` gives `tflite-truncated`. */
  constructor(source: ByteSource, format: string) {
    this.#format = format;
    this.#reader = new PagedReader(source, format);
  }

  get size(): number {
    return this.#reader.size;
  }

  /** The root table. */
  async root(): Promise<FlatTable> {
    return this.tableAt(await this.#u32(0));
  }

  /** @throws MlbomError `E_MALFORMED` unless there is a table with a vtable that fits */
  async tableAt(offset: number): Promise<FlatTable> {
    this.#count(1);
    const view = await this.#reader.view(offset, 4);
    const vtable = offset - view.getInt32(0, true);
    const head = await this.#reader.view(vtable, 4);
    const vtableBytes = head.getUint16(0, true);
    const tableBytes = head.getUint16(2, true);
    if (vtableBytes < 4 || vtableBytes % 2 !== 0 || tableBytes < 4)
      throw this.error('E_MALFORMED', 'vtable', 'a table without a description', offset);
    const count = Math.min((vtableBytes - 4) / 2, mostFields);
    const slots = await this.#reader.view(vtable + 4, 2 * count);
    const fields = Array.from({ length: count }, (_, i) => slots.getUint16(2 * i, true));
    if (fields.some((field) => field >= tableBytes))
      throw this.error('E_MALFORMED', 'vtable', 'a field outside its table', offset);
    return { offset, fields };
  }

  async u8(table: FlatTable, field: number, otherwise = 0): Promise<number> {
    const at = this.#place(table, field);
    return at === undefined ? otherwise : (await this.#reader.view(at, 1)).getUint8(0);
  }

  async i8(table: FlatTable, field: number, otherwise = 0): Promise<number> {
    const at = this.#place(table, field);
    return at === undefined ? otherwise : (await this.#reader.view(at, 1)).getInt8(0);
  }

  async i32(table: FlatTable, field: number, otherwise = 0): Promise<number> {
    const at = this.#place(table, field);
    return at === undefined ? otherwise : (await this.#reader.view(at, 4)).getInt32(0, true);
  }

  async u32(table: FlatTable, field: number, otherwise = 0): Promise<number> {
    const at = this.#place(table, field);
    return at === undefined ? otherwise : this.#u32(at);
  }

  /** A 64-bit integer, unsigned; beyond 2^53 it is rounded and stays beyond. */
  async u64(table: FlatTable, field: number, otherwise = 0): Promise<number> {
    const at = this.#place(table, field);
    return at === undefined ? otherwise : Number((await this.#reader.view(at, 8)).getBigUint64(0, true));
  }

  async table(table: FlatTable, field: number): Promise<FlatTable | undefined> {
    const at = await this.#target(table, field);
    return at === undefined ? undefined : this.tableAt(at);
  }

  /** Text, as UTF-8; what is not shows as replacement characters. Empty where there is none. */
  async text(table: FlatTable, field: number): Promise<string> {
    const at = await this.#target(table, field);
    return at === undefined ? '' : this.textAt(at);
  }

  async textAt(offset: number): Promise<string> {
    const length = await this.#u32(offset);
    if (length > limits.flatbufferStringBytes)
      throw this.error('E_LIMIT', 'string', `a string of ${length} bytes`, offset);
    this.#text += length;
    if (this.#text > limits.flatbufferTextBytes)
      throw this.error('E_LIMIT', 'text', 'more text than is kept of one model', offset);
    const bytes = await this.#reader.bytes(offset + 4, length + 1);
    if (bytes[length] !== 0) throw this.error('E_MALFORMED', 'string', 'a string without its NUL', offset);
    return utf8.decode(bytes.subarray(0, length));
  }

  /** A vector whose elements have `width` bytes. @throws MlbomError `E_MALFORMED` when it leaves the file */
  async vector(table: FlatTable, field: number, width: number): Promise<FlatVector> {
    const at = await this.#target(table, field);
    if (at === undefined) return { offset: 0, count: 0 };
    const count = await this.#u32(at);
    await this.#reader.bytes(at + 4 + count * width, 0);
    return { offset: at + 4, count };
  }

  /** The tables of a vector of tables, in order. */
  async *tables(table: FlatTable, field: number): AsyncGenerator<FlatTable> {
    const { offset, count } = await this.vector(table, field, 4);
    for (let i = 0; i < count; i++) {
      const at = offset + 4 * i;
      yield await this.tableAt(at + (await this.#u32(at)));
    }
  }

  /** The element of a vector of tables. @throws MlbomError `E_MALFORMED` for an index that it has not */
  async tableOf({ offset, count }: FlatVector, index: number): Promise<FlatTable> {
    if (index >= count) throw this.error('E_MALFORMED', 'index', `no element ${index} of ${count}`, offset);
    const at = offset + 4 * index;
    return this.tableAt(at + (await this.#u32(at)));
  }

  async *texts(table: FlatTable, field: number): AsyncGenerator<string> {
    const { offset, count } = await this.vector(table, field, 4);
    for (let i = 0; i < count; i++) {
      this.#count(1);
      const at = offset + 4 * i;
      yield await this.textAt(at + (await this.#u32(at)));
    }
  }

  /** The elements of a vector of `int`. */
  async i32s(table: FlatTable, field: number): Promise<number[]> {
    return this.#numbers(table, field, 4, (view, at) => view.getInt32(at, true));
  }

  /** The elements of a vector of `long`; beyond 2^53 they are rounded. */
  async i64s(table: FlatTable, field: number): Promise<number[]> {
    return this.#numbers(table, field, 8, (view, at) => Number(view.getBigInt64(at, true)));
  }

  /** Where the bytes of a vector of `ubyte` are. */
  async bytes(table: FlatTable, field: number): Promise<ByteRange | undefined> {
    const { offset, count } = await this.vector(table, field, 1);
    return count === 0 ? undefined : { offset, length: count };
  }

  error(
    code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED',
    rule: string,
    message: string,
    offset?: number,
  ): MlbomError {
    return new MlbomError(code, `${this.#format}: ${message}`, {
      rule: `${this.#format}-${rule}`,
      ...(offset === undefined ? {} : { offset }),
    });
  }

  async #numbers(
    table: FlatTable,
    field: number,
    width: 4 | 8,
    read: (view: DataView, at: number) => number,
  ): Promise<number[]> {
    const { offset, count } = await this.vector(table, field, width);
    this.#count(count);
    const view = await this.#reader.view(offset, count * width);
    return Array.from({ length: count }, (_, i) => read(view, i * width));
  }

  #place({ offset, fields }: FlatTable, field: number): number | undefined {
    const at = fields[field] ?? 0;
    return at === 0 ? undefined : offset + at;
  }

  async #target(table: FlatTable, field: number): Promise<number | undefined> {
    const at = this.#place(table, field);
    return at === undefined ? undefined : at + (await this.#u32(at));
  }

  async #u32(offset: number): Promise<number> {
    return (await this.#reader.view(offset, 4)).getUint32(0, true);
  }

  #count(entries: number): void {
    this.#entries += entries;
    if (this.#entries > limits.flatbufferEntries)
      throw this.error('E_LIMIT', 'entries', 'more tables than are looked at');
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The four characters at 4 by which a schema knows its files. */
export function flatbufferIdentifier(head: Uint8Array): string {
  return String.fromCharCode(...head.subarray(4, 8));
}
