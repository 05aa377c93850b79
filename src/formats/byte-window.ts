import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';

const smallestRead = 16 * 1024;
const largestRead = 1024 * 1024;

export interface WindowOptions {
  /** Begins the message and the rule of every error: `gguf` gives `gguf-truncated`. */
  readonly format: string;
  /** Bytes from the start of the source that may be looked at; all of them when absent. */
  readonly limit?: number;
}

/**
 * Reads numbers from a source through a window of at most 1 MiB.
 * The getters are synchronous, so that a loop over a million strings does not pay for a promise each:
 * `if (!window.has(8)) await window.fill(8)`, then `window.length64()`.
 */
export class ByteWindow {
  littleEndian = true;
  readonly #source: ByteSource;
  readonly #format: string;
  readonly #end: number;
  #bytes = new Uint8Array();
  #view = new DataView(this.#bytes.buffer);
  /** Where the window begins in the source. */
  #start = 0;
  /** Where reading stands in the window. */
  #at = 0;
  #nextRead = smallestRead;

  constructor(source: ByteSource, options: WindowOptions) {
    this.#source = source;
    this.#format = options.format;
    this.#end = Math.min(source.size, options.limit ?? source.size);
  }

  get position(): number {
    return this.#start + this.#at;
  }

  get remaining(): number {
    return this.#end - this.position;
  }

  /** True when `count` bytes are in the window. */
  has(count: number): boolean {
    return this.#bytes.length - this.#at >= count;
  }

  /**
   * @throws MlbomError unless `count` bytes follow: `E_MALFORMED` (`…-truncated`) where the source ends,
   * `E_LIMIT` (`…-limit`) where only the limit does
   */
  check(count: number): void {
    if (count <= this.remaining) return;
    const beyond = count <= this.#source.size - this.position;
    const what = beyond
      ? `more than ${this.#end} bytes would have to be read`
      : 'it ends before what it announces';
    throw new MlbomError(
      beyond ? 'E_LIMIT' : 'E_MALFORMED',
      `${this.#format}: ${what} (at ${this.position})`,
      {
        rule: `${this.#format}-${beyond ? 'limit' : 'truncated'}`,
        offset: this.position,
      },
    );
  }

  /** Brings `count` bytes, at most 1 MiB, into the window. */
  async fill(count: number): Promise<void> {
    if (this.has(count)) return;
    this.check(count);
    const position = this.position;
    const length = Math.min(this.remaining, Math.max(count, this.#nextRead));
    this.#bytes = await this.#exactly(position, length);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    this.#start = position;
    this.#at = 0;
    // Small at first, so that hopping over tensor data does not fetch it; large where reading goes on.
    this.#nextRead = Math.min(2 * this.#nextRead, largestRead);
  }

  /** The next `count` bytes; the caller has held `count` against a limit. */
  async take(count: number): Promise<Uint8Array> {
    this.check(count);
    if (count > largestRead) {
      const bytes = await this.#exactly(this.position, count);
      this.skip(count);
      return bytes;
    }
    await this.fill(count);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** Goes on `count` bytes later; nothing in between is read. */
  skip(count: number): void {
    this.check(count);
    this.seek(this.position + count);
  }

  /** Goes on at an offset that an earlier check has let through. */
  seek(position: number): void {
    const at = position - this.#start;
    if (at >= 0 && at <= this.#bytes.length) {
      this.#at = at;
      return;
    }
    this.#bytes = new Uint8Array();
    this.#start = position;
    this.#at = 0;
    this.#nextRead = smallestRead;
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#step(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2), this.littleEndian);
  }

  i16(): number {
    return this.#view.getInt16(this.#step(2), this.littleEndian);
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), this.littleEndian);
  }

  i32(): number {
    return this.#view.getInt32(this.#step(4), this.littleEndian);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#step(8), this.littleEndian);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#step(8), this.littleEndian);
  }

  f32(): number {
    return this.#view.getFloat32(this.#step(4), this.littleEndian);
  }

  f64(): number {
    return this.#view.getFloat64(this.#step(8), this.littleEndian);
  }

  /**
   * An unsigned 64-bit count or offset. Exact up to 2^53; above, it is rounded and still above 2^53,
   * so that every comparison with the size of a file comes out right.
   */
  length64(): number {
    const first = this.u32();
    const second = this.u32();
    return this.littleEndian ? second * 2 ** 32 + first : first * 2 ** 32 + second;
  }

  #step(count: number): number {
    this.#at += count;
    return this.#at - count;
  }

  /** A source that gives less than asked would shift everything after it. */
  async #exactly(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#source.read({ offset, length });
    if (bytes.length === length) return bytes as Uint8Array<ArrayBuffer>;
    throw new MlbomError('E_UNREADABLE', `${this.#format}: ${bytes.length} bytes came for ${length}`, {
      offset,
    });
  }
}
