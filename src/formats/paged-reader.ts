import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';

const pageBytes = 16 * 1024;
/** 8 MiB: structures that point to and fro stay in memory, files do not. */
const mostPages = 512;

/**
 * Random access to structures that are spread over a file: pages that were read are kept, up to 8 MiB, so that
 * following a thousand offsets reads each place once.
 */
export class PagedReader {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #format: string;
  /** By number; the least recently used comes first. */
  readonly #pages = new Map<number, Uint8Array>();

  /** `format` begins the message and the rule of every error: `hdf5` gives `hdf5-truncated`. */
  constructor(source: ByteSource, format: string) {
    this.size = source.size;
    this.#source = source;
    this.#format = format;
  }

  /**
   * `length` bytes from `offset`; the caller has held `length` against a limit.
   * @throws MlbomError `E_MALFORMED` (`…-truncated`) unless they lie in the file
   */
  async bytes(offset: number, length: number): Promise<Uint8Array> {
    this.#check(offset, length);
    const first = Math.floor(offset / pageBytes);
    const last = Math.floor((offset + Math.max(length, 1) - 1) / pageBytes);
    if (first === last) {
      const page = await this.#page(first);
      return page.subarray(offset - first * pageBytes, offset - first * pageBytes + length);
    }
    if (last - first >= mostPages / 2) return this.#read(offset, length);
    const result = new Uint8Array(length);
    for (let number = first; number <= last; number++) {
      const page = await this.#page(number);
      const start = number * pageBytes;
      const from = Math.max(offset, start);
      const to = Math.min(offset + length, start + page.length);
      result.set(page.subarray(from - start, to - start), from - offset);
    }
    return result;
  }

  /** As `bytes`, to read numbers from. */
  async view(offset: number, length: number): Promise<DataView> {
    const bytes = await this.bytes(offset, length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async #page(number: number): Promise<Uint8Array> {
    const known = this.#pages.get(number);
    if (known) {
      this.#pages.delete(number);
      this.#pages.set(number, known);
      return known;
    }
    const offset = number * pageBytes;
    const page = await this.#read(offset, Math.max(0, Math.min(pageBytes, this.size - offset)));
    if (this.#pages.size === mostPages) {
      const [oldest] = this.#pages.keys();
      if (oldest !== undefined) this.#pages.delete(oldest);
    }
    this.#pages.set(number, page);
    return page;
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = await this.#source.read({ offset, length });
    if (bytes.length === length) return bytes;
    throw new MlbomError('E_UNREADABLE', `${this.#format}: ${bytes.length} bytes came for ${length}`, {
      offset,
    });
  }

  #check(offset: number, length: number): void {
    const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (whole && offset >= 0 && length >= 0 && offset <= this.size - length) return;
    throw new MlbomError('E_MALFORMED', `${this.#format}: it ends before what it announces (at ${offset})`, {
      rule: `${this.#format}-truncated`,
      offset,
    });
  }
}
