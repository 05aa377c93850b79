import type { ByteSource } from '../../core/entry.ts';
import { sqliteError } from './sqlite-error.ts';

const largestRead = 1024 * 1024;

/** The pages of a database, by number from 1. Pages in a row are fetched in growing reads, others one by one. */
export class Pages {
  readonly size: number;
  readonly count: number;
  /** Bytes of a page that hold content; extensions reserve some at its end. */
  readonly usable: number;
  readonly #source: ByteSource;
  #first = 0;
  #bytes: Uint8Array = new Uint8Array();
  #nextRead = 1;

  constructor(source: ByteSource, size: number, usable: number, count: number) {
    this.#source = source;
    this.size = size;
    this.usable = usable;
    this.count = count;
  }

  /** @throws MlbomError `E_MALFORMED` for a page that the file does not have */
  async read(number: number): Promise<Uint8Array> {
    if (number < 1 || number > this.count)
      throw sqliteError('E_MALFORMED', 'page', `page ${number} of ${this.count}`);
    const held = this.#bytes.length / this.size;
    if (number < this.#first || number >= this.#first + held) await this.#fetch(number, held);
    const at = (number - this.#first) * this.size;
    return this.#bytes.subarray(at, at + this.size);
  }

  async #fetch(number: number, held: number): Promise<void> {
    const inOrder = number === this.#first + held;
    this.#nextRead = inOrder ? Math.min(2 * this.#nextRead, Math.max(1, largestRead / this.size)) : 1;
    const pages = Math.min(this.#nextRead, this.count - number + 1);
    this.#bytes = new Uint8Array();
    const bytes = await this.#source.read({ offset: (number - 1) * this.size, length: pages * this.size });
    if (bytes.length !== pages * this.size)
      throw sqliteError('E_UNREADABLE', 'short-read', `${bytes.length} bytes came for ${pages * this.size}`);
    this.#bytes = bytes;
    this.#first = number;
  }
}
