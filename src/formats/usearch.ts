import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';

export interface UsearchIndex {
  /** `2.26.6` */
  readonly version: string;
  readonly metric: string;
  readonly scalar: string;
  readonly count: number;
  readonly dimension: number;
}

const magic = 'usearch';
const headBytes = 64;
/** By letter of metric_kind_t. */
const metrics: Readonly<Record<string, string>> = {
  i: 'inner-product',
  c: 'cosine',
  e: 'l2',
  p: 'pearson',
  h: 'haversine',
  d: 'divergence',
  b: 'hamming',
  t: 'tanimoto',
  s: 'sorensen',
  j: 'jaccard',
};
/** By number of scalar_kind_t. */
const scalars: Readonly<Record<number, string>> = {
  1: 'b1x8',
  4: 'bf16',
  10: 'f64',
  11: 'f32',
  12: 'f16',
  23: 'i8',
};

/** True for what begins with the head of an index, without its vectors before it. */
export function isUsearch(head: Uint8Array): boolean {
  return textOf(head.subarray(0, magic.length)) === magic;
}

/**
 * Reads the head of a usearch index (usearch, index_dense.hpp). It stands at the beginning or behind the matrix of
 * vectors, which has its numbers of rows and of bytes in front.
 * @throws MlbomError `E_MALFORMED`
 */
export async function readUsearch(source: ByteSource): Promise<UsearchIndex> {
  for (const offset of await placesOf(source)) {
    if (offset + headBytes > source.size) continue;
    const head = await source.read({ offset, length: headBytes });
    if (!isUsearch(head)) continue;
    const view = new DataView(head.buffer, head.byteOffset, headBytes);
    const version = [7, 9, 11].map((at) => view.getUint16(at, true)).join('.');
    const letter = String.fromCharCode(view.getUint8(13));
    const [count, deleted, dimension] = [17, 25, 33].map((at) => Number(view.getBigUint64(at, true)));
    if (![count, deleted, dimension].every((number) => Number.isSafeInteger(number))) break;
    return {
      version,
      metric: Object.hasOwn(metrics, letter) ? (metrics[letter] ?? '') : 'unknown',
      scalar: scalars[view.getUint8(14)] ?? `unknown ${view.getUint8(14)}`,
      count: count ?? 0,
      dimension: dimension ?? 0,
    };
  }
  throw new MlbomError('E_MALFORMED', 'usearch: no head of an index', { rule: 'usearch-head' });
}

/** The matrix has its sizes in 32 bits, or in 64. */
async function placesOf(source: ByteSource): Promise<number[]> {
  if (source.size < 16) return [0];
  const start = await source.read({ offset: 0, length: 16 });
  const view = new DataView(start.buffer, start.byteOffset, 16);
  const narrow = 8 + view.getUint32(0, true) * view.getUint32(4, true);
  const wide = 16 + Number(view.getBigUint64(0, true)) * Number(view.getBigUint64(8, true));
  return [0, narrow, wide].filter((offset) => Number.isSafeInteger(offset));
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
