import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { sha256 } from '../../core/digest.ts';
import type { LayerResult } from '../../core/layer.ts';
import { limits } from '../../core/limits.ts';
import { isLayerResult, isPackedForm } from './layer-cache-shape.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** The bytes of a layer as one place kept them, and whose unpacked content an earlier run verified. */
export type PackedForm = Pick<LayerResult, 'digest' | 'size' | 'codec'>;

/** What is remembered of a layer. */
export interface CachedLayer {
  readonly result: LayerResult;
  /** The latest first. */
  readonly packed: readonly PackedForm[];
}

/** Raised when what is written changes without another version of this package. */
export const cacheFormat = 1;

/** Of zlib's buffers: its own of 16 KiB take most of the time that unpacking takes. */
const chunkSize = 256 * 1024;

/** Forms of one layer that are remembered: each tool and level of compression makes another one. */
const mostForms = 16;

/**
 * The file of a cached layer: gzip of one line with the SHA-256 of the rest, and the rest as JSON, which names the file.
 * Nothing where it is larger than it may be, or does not survive being written down.
 */
export async function encodeCachedLayer(name: string, layer: CachedLayer): Promise<Uint8Array | undefined> {
  if (!isLayerResult(layer.result)) return undefined;
  const content = Buffer.from(
    JSON.stringify({ name, packed: layer.packed.slice(0, mostForms), result: layer.result }),
  );
  const head = Buffer.from(`${headOf(content)}\n`);
  if (head.length + content.length > limits.cachedLayerBytes) return undefined;
  // Digests do not become smaller by trying harder.
  return pack(Buffer.concat([head, content]), { level: 1, chunkSize });
}

/** What the file of this name says, or nothing where one bit of it is not as it was written. */
export async function decodeCachedLayer(
  name: string,
  bytes: Uint8Array,
  longest: number = limits.cachedLayerBytes,
): Promise<CachedLayer | undefined> {
  try {
    const text = await unpack(bytes, { maxOutputLength: longest, chunkSize });
    const end = text.indexOf('\n');
    const content = text.subarray(end + 1);
    if (end < 0 || text.toString('latin1', 0, end) !== headOf(content)) return undefined;
    return layerIn(JSON.parse(content.toString('utf8')), name);
  } catch {
    // Not gzip, cut, larger than a cached layer can be, not JSON: all the same.
    return undefined;
  }
}

function headOf(content: Uint8Array): string {
  return `mlbom layer ${cacheFormat} ${sha256(content)}`;
}

function layerIn(value: unknown, name: string): CachedLayer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name: own, packed, result } = value as Partial<Record<string, unknown>>;
  if (own !== name || !isLayerResult(result)) return undefined;
  return Array.isArray(packed) && packed.every(isPackedForm) ? { result, packed } : undefined;
}
