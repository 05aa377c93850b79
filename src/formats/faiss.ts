import type { ByteSource } from '../core/entry.ts';
import { MlbomError } from '../core/errors.ts';
import { ByteWindow } from './byte-window.ts';

export interface FaissIndex {
  /** The outermost kind first, then what it is made of: `IDMap`, `IVFFlat`, `Flat`. */
  readonly kinds: readonly string[];
  readonly dimension: number;
  readonly count: number;
  readonly metric: string;
  /** Lists of an inverted file. */
  readonly lists?: number;
}

/** Names of faiss's classes, without `Index`, by the four characters of index_write.cpp. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['IxF2', 'Flat'],
  ['IxFI', 'Flat'],
  ['IxFl', 'Flat'],
  ['IxF1', 'Flat1D'],
  ['IxHE', 'LSH'],
  ['IxHe', 'LSH'],
  ['IxPQ', 'PQ'],
  ['IxPo', 'PQ'],
  ['IxPq', 'PQ'],
  ['IPfs', 'PQFastScan'],
  ['IxSQ', 'ScalarQuantizer'],
  ['IxSq', 'ScalarQuantizer'],
  ['IxRQ', 'ResidualQuantizer'],
  ['IxRq', 'ResidualQuantizer'],
  ['IxLS', 'LocalSearchQuantizer'],
  ['IxLa', 'Lattice'],
  ['IxMp', 'IDMap'],
  ['IxM2', 'IDMap2'],
  ['IxRF', 'RefineFlat'],
  ['IxPT', 'PreTransform'],
  ['IwFl', 'IVFFlat'],
  ['IwFd', 'IVFFlatDedup'],
  ['IwPQ', 'IVFPQ'],
  ['IwQR', 'IVFPQR'],
  ['IwPf', 'IVFPQFastScan'],
  ['IwSQ', 'IVFScalarQuantizer'],
  ['IwSq', 'IVFScalarQuantizer'],
  ['IwSh', 'IVFSpectralHash'],
  ['IHNf', 'HNSWFlat'],
  ['IHNp', 'HNSWPQ'],
  ['IHNs', 'HNSWSQ'],
  ['IHN2', 'HNSW2Level'],
  ['INSf', 'NSGFlat'],
  ['INSp', 'NSGPQ'],
  ['INSs', 'NSGSQ'],
  ['INNf', 'NNDescentFlat'],
  ['IBxF', 'BinaryFlat'],
  ['IBwF', 'BinaryIVF'],
  ['IBFf', 'BinaryFromFloat'],
  ['IBHf', 'BinaryHNSW'],
  ['IBMp', 'BinaryIDMap'],
  ['IBM2', 'BinaryIDMap2'],
  ['IBHh', 'BinaryHash'],
  ['IBHm', 'BinaryMultiHash'],
]);
/** Kinds right behind whose header another index stands. */
const wrappers = new Set(['IxMp', 'IxM2', 'IxRF', 'IBMp', 'IBM2', 'IBFf']);
/** By number of MetricType. */
const metrics: Readonly<Record<number, string>> = {
  0: 'inner-product',
  1: 'l2',
  2: 'l1',
  3: 'linf',
  4: 'lp',
  20: 'canberra',
  21: 'bray-curtis',
  22: 'jensen-shannon',
  23: 'jaccard',
};
/** Indexes in indexes that are followed. */
const deepest = 8;
/** The longest embeddings have some 16,000 numbers. */
const longestVector = 1_000_000;
const headerBytes = 37;

/** True for four characters that faiss writes, before numbers that an index can have. */
export function isFaiss(head: Uint8Array): boolean {
  if (head.length < headerBytes || head[0] !== 0x49 || !kinds.has(textOf(head))) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const dimension = view.getInt32(4, true);
  // The high bits of the number of vectors, which binary indexes have four bytes later.
  const high = view.getInt32(head[1] === 0x42 ? 16 : 12, true);
  return dimension > 0 && dimension <= longestVector && high >= 0 && high < 2 ** 16;
}

/**
 * Reads the headers of a faiss index (faiss, impl/index_write.cpp): its kinds, as far as they stand one behind the
 * other, and what it holds.
 * @throws MlbomError `E_MALFORMED`
 */
export async function readFaiss(source: ByteSource): Promise<FaissIndex> {
  const window = new ByteWindow(source, { format: 'faiss' });
  const names: string[] = [];
  let outermost: Omit<FaissIndex, 'kinds' | 'lists'> | undefined;
  let lists: number | undefined;
  for (let depth = 0; depth < deepest; depth++) {
    await window.fill(4);
    const fourcc = textOf(await window.take(4));
    const name = kinds.get(fourcc);
    if (name === undefined) {
      if (outermost) break;
      throw malformed('kind', 'no index that is known', 0);
    }
    names.push(name);
    const header = await readHeader(window, fourcc.startsWith('IB'));
    outermost ??= header;
    if (wrappers.has(fourcc)) continue;
    if (!fourcc.startsWith('Iw') && fourcc !== 'IBwF') break;
    await window.fill(16);
    lists ??= window.length64();
    // nprobe; then the index that finds the lists.
    window.length64();
  }
  if (!outermost) throw malformed('kind', 'no index', 0);
  return { kinds: names, ...outermost, ...(lists === undefined ? {} : { lists }) };
}

async function readHeader(
  window: ByteWindow,
  isBinary: boolean,
): Promise<{ dimension: number; count: number; metric: string }> {
  await window.fill(isBinary ? 21 : 33);
  const dimension = window.i32();
  // Bytes of a vector.
  if (isBinary) window.i32();
  const count = window.length64();
  if (dimension < 0 || dimension > longestVector || !Number.isSafeInteger(count))
    throw malformed('header', 'no length of vectors, or no number of them', window.position);
  if (!isBinary) {
    // Two numbers that nothing reads.
    window.length64();
    window.length64();
  }
  window.u8();
  const metric = window.i32();
  if (metric > 1 && !isBinary) {
    await window.fill(4);
    window.f32();
  }
  return { dimension, count, metric: isBinary ? 'hamming' : (metrics[metric] ?? `unknown ${metric}`) };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1');
}

function malformed(rule: string, what: string, offset: number): MlbomError {
  return new MlbomError('E_MALFORMED', `faiss: ${what} (at ${offset})`, { rule: `faiss-${rule}`, offset });
}
