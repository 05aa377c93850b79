import type { PagedReader } from '../paged-reader.ts';
import { elfError } from './elf-error.ts';

/** Numbers of an ELF file in its byte order and of its word size. */
export class ElfFields {
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly #view: DataView;
  #at: number;

  constructor(view: DataView, is64: boolean, littleEndian: boolean, at = 0) {
    this.#view = view;
    this.is64 = is64;
    this.littleEndian = littleEndian;
    this.#at = at;
  }

  skip(bytes: number): this {
    this.#at += bytes;
    return this;
  }

  half(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2, this.littleEndian);
  }

  word(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, this.littleEndian);
  }

  /** An address, an offset or a size: 4 or 8 bytes. Above 2^53 it is rounded, and still larger than every file. */
  long(): number {
    if (!this.is64) return this.word();
    const [first, second] = [this.word(), this.word()];
    return this.littleEndian ? second * 2 ** 32 + first : first * 2 ** 32 + second;
  }
}

/** `count` records of `size` bytes each, which stand one after the other. */
export async function fieldsAt(
  reader: PagedReader,
  { is64, littleEndian }: Pick<ElfFields, 'is64' | 'littleEndian'>,
  { offset, size, count, most }: { offset: number; size: number; count: number; most: number },
): Promise<ElfFields[]> {
  if (count > most) throw elfError('E_LIMIT', 'entries', `a table of ${count} entries`);
  const view = await reader.view(offset, size * count);
  return Array.from({ length: count }, (_, index) => new ElfFields(view, is64, littleEndian, index * size));
}
