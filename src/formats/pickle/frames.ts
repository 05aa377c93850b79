/**
 * Watches the frames of protocol 4: CPython's C unpickler reads through their ends, its Python one does not, so that
 * opcodes across an end are read in two ways.
 */
export class FrameGuard {
  readonly #size: number;
  #end = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** FRAME, its argument read to `position`: what is wrong with it. */
  open(position: number, length: number): string | undefined {
    const inside = position < this.#end;
    this.#end = Math.max(this.#end, position + length);
    if (inside) return 'a frame begins inside another one';
    if (position + length > this.#size) {
      this.#end = 0;
      return `a frame of ${length} bytes goes beyond the end of the file`;
    }
    return undefined;
  }

  /** An opcode from `start` to `end`: what is wrong with it. */
  check(start: number, end: number): string | undefined {
    if (start >= this.#end || end <= this.#end) return undefined;
    this.#end = 0;
    return 'a frame ends inside an opcode';
  }

  /** Bytes from `start` that are no opcodes: what is wrong with them. */
  foreign(start: number): string | undefined {
    return start < this.#end ? 'an array lies inside a frame' : undefined;
  }

  /** STOP, which ends at `position`: what is wrong there. */
  stop(position: number): string | undefined {
    return position < this.#end ? 'it stops before its frame ends' : undefined;
  }
}
