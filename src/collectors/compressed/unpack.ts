import type { ByteSource, Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { inflateAll, inflateStart, type DeflateFrame } from '../../formats/inflate/inflate.ts';
import { unlz4 } from '../../formats/inflate/unlz4.ts';
import { unzstd } from '../../formats/inflate/unzstd.ts';
import { subrange } from '../../formats/subrange.ts';
import type { Packing } from './packing.ts';

export interface Unpacked {
  readonly bytes: Uint8Array;
  /** True when there are more than `limits.unpackedBytes`. */
  readonly more: boolean;
  /** Packed bytes that they came from. */
  readonly packed: number;
}

const deflated: Readonly<Record<string, DeflateFrame>> = { gzip: 'gzip', zlib: 'zlib' };
const inMemory: Readonly<Record<string, typeof unzstd>> = { zstd: unzstd, lz4: unlz4 };

export function canUnpack(format: string): boolean {
  return Object.hasOwn(deflated, format) || Object.hasOwn(inMemory, format);
}

/**
 * What is in a packed file, up to `limits.unpackedBytes`.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT` (`packed-size`)
 */
export async function unpack(entry: Entry, { format, start }: Packing): Promise<Unpacked> {
  const source = packedBytes(entry, start);
  const frame = deflated[format];
  if (frame) {
    const { bytes, more, used } = await inflateAll(source, frame, limits.unpackedBytes);
    return { bytes, more, packed: used };
  }
  // These two are unpacked from memory: what is packed counts too.
  if (source.size > limits.unpackedBytes) {
    throw new MlbomError('E_LIMIT', `${source.size} packed bytes, more than are read at once`, {
      rule: 'packed-size',
    });
  }
  const packed = await source.read({ offset: 0, length: source.size });
  const work = inMemory[format];
  return work
    ? { ...work(packed, limits.unpackedBytes), packed: packed.length }
    : { bytes: new Uint8Array(), more: false, packed: 0 };
}

/** The first bytes of what is in there, where they can be had without the rest. */
export async function unpackStart(entry: Entry, { format, start }: Packing): Promise<Uint8Array | undefined> {
  const frame = deflated[format];
  return frame && inflateStart(packedBytes(entry, start), frame, limits.headBytes);
}

function packedBytes(entry: Entry, start: number): ByteSource {
  return subrange(entry, { offset: start, length: entry.size - start });
}
